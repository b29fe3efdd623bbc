package dev.docket.elastic.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import co.elastic.clients.elasticsearch._types.SortOrder;
import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.elastic.FakeElasticsearch;
import dev.docket.elastic.FakeElasticsearch.Answer;
import dev.docket.elastic.FakeElasticsearch.Call;
import dev.docket.elastic.client.Alias;
import dev.docket.elastic.client.ElasticClients;
import dev.docket.elastic.record.RecordCodec;
import dev.docket.elastic.record.RecordJson;
import dev.docket.store.StoreUnavailable;
import dev.docket.task.Task;
import dev.docket.task.TaskSamples;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PointInTimeScanTest {

  private final List<String> sources = new ArrayList<>();
  private final FakeElasticsearch elasticsearch = FakeElasticsearch.start(this::answer);
  private final ElasticClients clients = elasticsearch.clients();
  private final RecordSearch<Task> searches =
      new RecordSearch<>(clients.typed(), new Alias("docket-tasks"), RecordCodec.TASK);
  private int renamed;

  @AfterEach
  void close() {
    clients.close();
    elasticsearch.close();
  }

  private Answer answer(Call call) throws IOException {
    if (call.path().endsWith("/_pit")) {
      return call.method().equals("POST")
          ? new Answer(
              200,
              "{\"id\":\"moment-0\",\"_shards\":{\"total\":1,\"successful\":1,\"skipped\":0,\"failed\":0}}")
          : new Answer(200, "{\"succeeded\":true,\"num_freed\":1}");
    }
    return page(RecordJson.mapper().readTree(call.body()));
  }

  private Answer page(JsonNode search) {
    int from = search.has("search_after") ? search.at("/search_after/0").asInt() + 1 : 0;
    int to = Math.min(sources.size(), from + search.path("size").asInt());
    String hits =
        IntStream.range(from, to)
            .mapToObj(
                i ->
                    "{\"_index\":\"docket-tasks-v1\",\"_id\":\"a\",\"_seq_no\":1,\"_primary_term\":1,\"sort\":["
                        + i
                        + "],\"_source\":"
                        + sources.get(i)
                        + "}")
            .collect(Collectors.joining(","));
    renamed++;
    return new Answer(
        200,
        "{\"took\":1,\"timed_out\":false,\"pit_id\":\"moment-"
            + renamed
            + "\",\"_shards\":{\"total\":1,\"successful\":1,\"failed\":0},\"hits\":{\"hits\":["
            + hits
            + "]}}");
  }

  private List<Task> there(int count) {
    List<Task> tasks = IntStream.range(0, count).mapToObj(i -> TaskSamples.task("ASR")).toList();
    for (Task task : tasks) {
      try {
        sources.add(new String(RecordCodec.TASK.write(task), StandardCharsets.UTF_8));
      } catch (RecordCodec.Unwritable e) {
        throw new AssertionError(e);
      }
    }
    return tasks;
  }

  private PointInTimeScan<Task> walk() {
    return new PointInTimeScan<>(
        searches,
        searches.now(),
        QueryTerms.exists("id"),
        List.of(QueryTerms.sort("id", SortOrder.Asc)),
        List.of());
  }

  private static List<Task> all(PointInTimeScan<Task> walk) {
    List<Task> all = new ArrayList<>();
    List<Task> page = walk.next();
    while (!page.isEmpty()) {
      all.addAll(page);
      page = walk.next();
    }
    return all;
  }

  private List<JsonNode> asked() {
    return elasticsearch.calls().stream()
        .filter(call -> call.path().endsWith("_search"))
        .map(
            call -> {
              try {
                return RecordJson.mapper().readTree(call.body());
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            })
        .toList();
  }

  @Test
  void everyPageIsOfTheSameMomentAndProlongsIt() {
    List<Task> tasks = there(1_200);
    try (PointInTimeScan<Task> walk = walk()) {
      assertThat(all(walk)).isEqualTo(tasks);
    }
    assertThat(asked())
        .extracting(a -> a.at("/pit/id").asText())
        .containsExactly("moment-0", "moment-1", "moment-2");
    assertThat(asked()).extracting(a -> a.at("/pit/keep_alive").asText()).containsOnly("3m");
    Call last = elasticsearch.calls().get(elasticsearch.calls().size() - 1);
    assertThat(last.method() + " " + last.path()).isEqualTo("DELETE /_pit");
    assertThat(last.body()).contains("moment-3");
  }

  @Test
  void itIsClosedOnceAndMayFailInPeace() {
    PointInTimeScan<Task> walk = walk();
    elasticsearch.answer(call -> Answer.error(503, "unavailable"));
    walk.close();
    walk.close();
    assertThat(walk.next()).isEmpty();
    assertThat(elasticsearch.calls().stream().filter(call -> call.method().equals("DELETE")))
        .hasSize(1);
  }

  @Test
  void aPageOfUnreadableRecordsIsNotTheEnd() {
    for (int i = 0; i < 505; i++) {
      sources.add("{}");
    }
    List<Task> tasks = there(3);
    try (PointInTimeScan<Task> walk = walk()) {
      assertThat(all(walk)).isEqualTo(tasks);
    }
  }

  @Test
  void largeRecordsComeInSmallerPages() {
    List<Task> tasks = there(20);
    elasticsearch.answer(
        call -> {
          JsonNode search = RecordJson.mapper().readTree(call.body());
          return search.path("size").asInt() > 8
              ? new Answer(200, "\"" + "x".repeat(17 << 20) + "\"")
              : answer(call);
        });
    try (PointInTimeScan<Task> walk = walk()) {
      assertThat(all(walk)).isEqualTo(tasks);
    }
  }

  @Test
  void oneThatIsTooLargeForMemoryIsTrouble() {
    there(1);
    try (PointInTimeScan<Task> walk = walk()) {
      elasticsearch.answer(call -> new Answer(200, "\"" + "x".repeat(17 << 20) + "\""));
      assertThatThrownBy(walk::next).isInstanceOf(StoreUnavailable.class);
    }
  }

  @Test
  void aForgottenMomentIsTrouble() {
    there(1);
    try (PointInTimeScan<Task> walk = walk()) {
      elasticsearch.answer(call -> Answer.error(404, "search_context_missing_exception"));
      assertThatThrownBy(walk::next).isInstanceOf(StoreUnavailable.class);
    }
    elasticsearch.answer(call -> Answer.NONE);
    assertThatThrownBy(searches::now).isInstanceOf(StoreUnavailable.class);
  }

  @Test
  void passingOverReadsNoRecords() {
    List<Task> tasks = there(25);
    try (PointInTimeScan<Task> walk = walk()) {
      walk.skip(20);
      assertThat(walk.next()).isEqualTo(tasks.subList(20, 25));
    }
    assertThat(asked().get(0).path("_source")).isEqualTo(RecordJson.mapper().valueToTree(false));
    assertThat(asked().get(0).path("size").asInt()).isEqualTo(20);
  }
}
