package dev.docket.dialect.dane.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.TaskState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IndexResponsesTest {

  @TempDir private Path directory;

  private final IndexResponses responses = new IndexResponses(IndexFixture.MAPPER);

  private String hits(List<IndexResponses.Found> found, boolean withSource) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    responses.writeHits(out, "i", found, withSource);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void writesHitsAsElasticsearchDoes() throws IOException {
    List<IndexResponses.Found> found =
        List.of(
            new IndexResponses.Found("a", Map.of("x", 1)),
            new IndexResponses.Found("b", Map.of("x", "é")));
    String start =
        """
        {"took":0,"timed_out":false,"_shards":{"total":1,"successful":1,"failed":0,"skipped":0},\
        "hits":{"total":{"value":2,"relation":"eq"},"max_score":1.0,"hits":[""";

    assertThat(hits(found, true))
        .isEqualTo(
            start
                + """
                {"_index":"i","_type":"_doc","_id":"a","_score":1.0,"_source":{"x":1}},\
                {"_index":"i","_type":"_doc","_id":"b","_score":1.0,"_source":{"x":"é"}}]}}""");
    assertThat(hits(found, false))
        .isEqualTo(
            start
                + """
                {"_index":"i","_type":"_doc","_id":"a","_score":1.0},\
                {"_index":"i","_type":"_doc","_id":"b","_score":1.0}]}}""");
    assertThat(hits(List.of(), true)).contains("\"value\":0").endsWith("\"hits\":[]}}");
  }

  @Test
  void writesRecordWithStoredPayload() throws IOException {
    IndexFixture index = new IndexFixture(directory);
    String payload = "[\"" + "é".repeat(200_000) + "\", 1.50]";
    String id = index.savePayload(payload);
    index.end(TaskState.SUCCESS);

    assertThat(index.recordText(id))
        .isEqualTo(
            """
            {"_index":"dane-index","_type":"_doc","_id":"%s","_version":1,"_seq_no":0,\
            "_primary_term":1,"found":true,"_source":{"result":{"generator":{"homepage":"",\
            "id":"abc","name":"ASR","type":"Software"},"payload":%s},\
            "created_at":"2026-03-01T12:00:00","updated_at":"2026-03-01T12:00:00"}}"""
                .formatted(id, payload));
    assertThat(index.recordText("unknown")).isEmpty();
  }
}
