package dev.docket.dialect.dane.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.TaskState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IndexResponsesTest {

  @TempDir private Path directory;

  @Test
  void writesHitsAsElasticsearchDoes() throws IOException {
    IndexResponses responses = new IndexResponses("i", IndexFixture.MAPPER);
    Hit task =
        new Hit(
            "a",
            "d",
            new Hit.TaskSource(
                new Hit.TaskPart("ASR", 200, "é", 1, Map.of()),
                new Hit.Role("task", "d"),
                "2026-03-01T12:00:00",
                "2026-03-01T12:00:00"));
    Iterator<List<Hit>> pages = List.of(List.of(task), List.<Hit>of()).iterator();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    responses.writeHits(
        out, 7, pages::next, SourceFilter.of(List.of("task"), List.of()), () -> "scroll");

    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"took":0,"timed_out":false,"_shards":{"total":1,"successful":1,"failed":0,\
            "skipped":0},"hits":{"total":{"value":7,"relation":"eq"},"max_score":1.0,"hits":[\
            {"_index":"i","_type":"_doc","_id":"a","_score":1.0,"_routing":"d",\
            "_source":{"task":{"key":"ASR","state":200,"msg":"é","priority":1}}}]},\
            "_scroll_id":"scroll"}""");
  }

  @Test
  void writesNoHitsWithoutScore() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new IndexResponses("i", IndexFixture.MAPPER).writeHits(out, 0, List::of, null, () -> null);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .endsWith("{\"total\":{\"value\":0,\"relation\":\"eq\"},\"max_score\":null,\"hits\":[]}}");
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
            "_primary_term":1,"_routing":"%s","found":true,"_source":{"result":{"generator":{"homepage":"",\
            "id":"abc","name":"ASR","type":"Software"},"payload":%s},\
            "role":{"name":"result","parent":"%s"},"created_at":"2026-03-01T12:00:00","updated_at":"2026-03-01T12:00:00"}}"""
                .formatted(id, index.task, payload, index.task));
    assertThat(index.recordText("unknown")).isEmpty();
  }
}
