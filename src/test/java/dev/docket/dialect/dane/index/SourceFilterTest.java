package dev.docket.dialect.dane.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.docket.dialect.dane.index.query.InvalidQuery;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SourceFilterTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Hit TASK =
      new Hit(
          "t",
          "d",
          new Hit.TaskSource(
              new Hit.TaskPart("ASR", 200, "m", 1, new TreeMap<>(Map.of("a", 1, "b", Map.of()))),
              new Hit.Role("task", "d"),
              "C",
              "U"));

  private static String filtered(JsonNode source) throws IOException {
    SourceFilter filter = SourceFilter.read(source);
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      if (filter != null) {
        new HitWriter(IndexFixture.MAPPER).writeSource(json, TASK, filter);
      }
      json.writeEndObject();
    }
    return JSON.readTree(text.toString()).path("_source").toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "true|{\"task\":{\"key\":\"ASR\",\"state\":200,\"msg\":\"m\",\"priority\":1,"
            + "\"args\":{\"a\":1,\"b\":{}}},\"role\":{\"name\":\"task\",\"parent\":\"d\"},"
            + "\"created_at\":\"C\",\"updated_at\":\"U\"}",
        "\"created_at\"|{\"created_at\":\"C\"}",
        "[\"created_at\",\"role\"]|"
            + "{\"role\":{\"name\":\"task\",\"parent\":\"d\"},\"created_at\":\"C\"}",
        "\"role.parent\"|{\"role\":{\"parent\":\"d\"}}",
        "\"*_at\"|{\"created_at\":\"C\",\"updated_at\":\"U\"}",
        "\"task.args\"|{\"task\":{\"args\":{\"a\":1,\"b\":{}}}}",
        "\"task.args.*\"|{\"task\":{\"args\":{\"a\":1,\"b\":{}}}}",
        "\"*.name\"|{\"role\":{\"name\":\"task\"}}",
        "\"nothing\"|{}",
        "\"tas\"|{}",
        "{\"includes\":\"task\",\"excludes\":[\"task.args\",\"task.m*\"]}|"
            + "{\"task\":{\"key\":\"ASR\",\"state\":200,\"priority\":1}}",
        "{\"excludes\":[\"task\",\"role\"]}|{\"created_at\":\"C\",\"updated_at\":\"U\"}",
        "{\"excludes\":[\"*.parent\",\"task\",\"*_at\"]}|{\"role\":{\"name\":\"task\"}}",
        "{\"excludes\":[\"role.*\",\"task\",\"*_at\"]}|{\"role\":{}}",
        "{\"includes\":[\"*_at\"],\"excludes\":[\"created*\"]}|{\"updated_at\":\"U\"}",
      })
  void writesWhatIsWanted(String wanted, String written) throws IOException {
    assertThat(filtered(JSON.readTree(wanted))).isEqualTo(written);
  }

  @Test
  void absentMeansEverythingAndFalseNothing() {
    assertThat(SourceFilter.read(MissingNode.getInstance())).isSameAs(SourceFilter.EVERYTHING);
    assertThat(SourceFilter.read(JSON.getNodeFactory().booleanNode(false))).isNull();
  }

  @Test
  void rejectsOtherValues() throws IOException {
    for (String wrong : new String[] {"7", "[7]", "{\"only\":\"task\"}", "{\"includes\":{}}"}) {
      JsonNode source = JSON.readTree(wrong);
      assertThatThrownBy(() -> SourceFilter.read(source))
          .as(wrong)
          .isInstanceOf(InvalidQuery.class);
    }
  }
}
