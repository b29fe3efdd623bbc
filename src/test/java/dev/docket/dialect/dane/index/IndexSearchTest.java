package dev.docket.dialect.dane.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.task.TaskState;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IndexSearchTest {

  @TempDir private Path directory;
  private IndexFixture index;

  @BeforeEach
  void createIndex() {
    index = new IndexFixture(directory);
  }

  private JsonNode source(String wanted) {
    return index
        .answer("{\"query\":{\"exists\":{\"field\":\"result\"}},\"_source\":" + wanted + "}")
        .at("/hits/hits/0/_source");
  }

  @Test
  void writesWantedPartOfStoredPayload() throws Exception {
    String text = "x".repeat(300_000);
    index.savePayload("{\"text\":\"" + text + "\",\"n\":[{\"a\":1,\"b\":2}]}");
    index.end(TaskState.SUCCESS);

    assertThat(source("\"result.payload.n\""))
        .isEqualTo(
            new ObjectMapper().readTree("{\"result\":{\"payload\":{\"n\":[{\"a\":1,\"b\":2}]}}}"));
    assertThat(source("\"result.payload.n.b\""))
        .isEqualTo(new ObjectMapper().readTree("{\"result\":{\"payload\":{\"n\":[{\"b\":2}]}}}"));
    JsonNode without = source("{\"excludes\":[\"result.payload.text\"]}");
    assertThat(without.at("/result/payload").fieldNames()).toIterable().containsExactly("n");
    assertThat(without.at("/result/generator/name").asText()).isEqualTo("ASR");
    assertThat(source("{\"excludes\":[\"*.payload\"]}").path("result").has("payload")).isFalse();
    assertThat(source("\"role\"").has("result")).isFalse();
    assertThat(source("\"result\"").at("/result/payload/text").asText()).isEqualTo(text);
    assertThat(source("\"result\"").has("role")).isFalse();
  }

  @Test
  void countsHitsThatAreNotOnThePage() {
    for (int i = 0; i < 12; i++) {
      index.savePayload(String.valueOf(i));
    }
    index.end(TaskState.SUCCESS);

    String query = "\"query\":{\"exists\":{\"field\":\"result\"}}";
    JsonNode first = index.answer("{" + query + "}");
    assertThat(first.at("/hits/total/value").asInt()).isEqualTo(12);
    assertThat(first.at("/hits/hits")).hasSize(10);
    assertThat(index.answer("{" + query + ",\"from\":10}").at("/hits/hits")).hasSize(2);
    for (String range : new String[] {"\"size\":0", "\"from\":12", "\"from\":20000"}) {
      JsonNode empty = index.answer("{" + query + "," + range + "}");
      assertThat(empty.at("/hits/total/value").asInt()).as(range).isEqualTo(12);
      assertThat(empty.at("/hits/hits")).as(range).isEmpty();
    }
  }

  @Test
  void findsResultsThatAreStillInTheOutbox() {
    String id = index.savePayload("1");
    index.outbox.pause();
    index.end(TaskState.SUCCESS);
    assertThat(index.records.all()).noneMatch(stored -> stored.value().visible());

    assertThat(
            index
                .answer("{\"query\":{\"match\":{\"_id\":\"" + id + "\"}}}")
                .at("/hits/hits/0/_routing")
                .asText())
        .isEqualTo(index.task.value());
    assertThat(index.shown()).containsExactly(id);
  }

  @Test
  void searchesForTasksStoreNothing() {
    index.savePayload("1");
    index.outbox.pause();
    index.end(TaskState.SUCCESS);

    JsonNode tasks =
        index.answer(
            "{\"query\":{\"bool\":{\"must\":[{\"exists\":{\"field\":\"task.key\"}},"
                + "{\"match\":{\"task.state\":200}}]}}}");
    assertThat(tasks.at("/hits/total/value").asInt()).isEqualTo(1);
    assertThat(index.records.all()).noneMatch(stored -> stored.value().visible());
  }
}
