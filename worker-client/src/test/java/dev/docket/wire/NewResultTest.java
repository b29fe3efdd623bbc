package dev.docket.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.docket.wire.ReportItem.NewResult;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NewResultTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static void assertJson(NewResult result, String json) throws JsonProcessingException {
    assertThat(MAPPER.writeValueAsString(result)).isEqualTo(json);
    assertThat(MAPPER.readValue(json, NewResult.class)).isEqualTo(result);
  }

  @Test
  void inlineResultHasNoUploadedSize() throws JsonProcessingException {
    assertJson(
        new NewResult(MAPPER.createObjectNode().put("words", 12), Map.of("id", "asr")),
        "{\"payload\":{\"words\":12},\"generator\":{\"id\":\"asr\"}}");
  }

  @Test
  void nullPayloadIsWrittenAndRead() throws JsonProcessingException {
    assertJson(new NewResult(NullNode.instance, null), "{\"payload\":null}");
  }

  @Test
  void uploadedResultHasNoPayload() throws JsonProcessingException {
    assertJson(new NewResult(null, null, 3_145_728L), "{\"uploaded\":3145728}");
  }
}
