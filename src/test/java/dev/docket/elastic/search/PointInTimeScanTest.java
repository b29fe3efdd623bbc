package dev.docket.elastic.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.elastic.FakeElasticsearch;
import dev.docket.elastic.FakeElasticsearch.Call;
import dev.docket.elastic.FakeElasticsearch.CannedResponse;
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
  private final FakeElasticsearch elasticsearch = FakeElasticsearch.start(this::respond);
  private final ElasticClients clients = elasticsearch.clients();
  private final RecordSearch<Task> searches =
      new RecordSearch<>(
          clients.typed(), clients.silence(), new Alias("docket-tasks"), RecordCodec.TASK);
  private int searchCount;

  @AfterEach
  void close() {
    clients.close();
    elasticsearch.close();
  }

  private CannedResponse respond(Call call) throws IOException {
    if (call.path().endsWith("/_pit")) {
      return call.method().equals("POST")
          ? new CannedResponse(
              200,
              "{\"id\":\"pit-0\",\"_shards\":{\"total\":1,\"successful\":1,\"skipped\":0,\"failed\":0}}")
          : new CannedResponse(200, "{\"succeeded\":true,\"num_freed\":1}");
    }
    return page(RecordJson.mapper().readTree(call.body()));
  }

  private CannedResponse page(JsonNode search) {
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
    searchCount++;
    return new CannedResponse(
        200,
        "{\"took\":1,\"timed_out\":false,\"pit_id\":\"pit-"
            + searchCount
            + "\",\"_shards\":{\"total\":1,\"successful\":1,\"failed\":0},\"hits\":{\"hits\":["
            + hits
            + "]}}");
  }

  private List<Task> addTasks(int count) {
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

  private PointInTimeScan<Task> openScan() {
    return new PointInTimeScan<>(
        searches,
        searches.openPointInTime(),
        QueryTerms.exists("id"),
        QueryTerms.BY_ID,
        List.of(),
        PointInTimeScan.PAGE_SIZE);
  }

  private static List<Task> all(PointInTimeScan<Task> scan) {
    List<Task> all = new ArrayList<>();
    List<Task> page = scan.next();
    while (!page.isEmpty()) {
      all.addAll(page);
      page = scan.next();
    }
    return all;
  }

  private List<JsonNode> searchRequests() {
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
  void everyPageExtendsTheSamePointInTime() {
    List<Task> tasks = addTasks(1_200);
    try (PointInTimeScan<Task> scan = openScan()) {
      assertThat(all(scan)).isEqualTo(tasks);
    }
    assertThat(searchRequests())
        .extracting(r -> r.at("/pit/id").asText())
        .containsExactly("pit-0", "pit-1", "pit-2");
    assertThat(searchRequests())
        .extracting(r -> r.at("/pit/keep_alive").asText())
        .containsOnly("3m");
    Call last = elasticsearch.calls().get(elasticsearch.calls().size() - 1);
    assertThat(last.method() + " " + last.path()).isEqualTo("DELETE /_pit");
    assertThat(last.body()).contains("pit-3");
  }

  @Test
  void closeIsIdempotentAndDoesNotFail() {
    PointInTimeScan<Task> scan = openScan();
    elasticsearch.respondWith(call -> CannedResponse.error(503, "unavailable"));
    scan.close();
    scan.close();
    assertThat(scan.next()).isEmpty();
    assertThat(elasticsearch.calls().stream().filter(call -> call.method().equals("DELETE")))
        .hasSize(1);
  }

  @Test
  void continuesAfterPageOfUnreadableRecords() {
    for (int i = 0; i < 505; i++) {
      sources.add("{}");
    }
    List<Task> tasks = addTasks(3);
    try (PointInTimeScan<Task> scan = openScan()) {
      assertThat(all(scan)).isEqualTo(tasks);
    }
  }

  @Test
  void readsLargeRecordsInSmallerPages() {
    List<Task> tasks = addTasks(20);
    elasticsearch.respondWith(
        call -> {
          JsonNode search = RecordJson.mapper().readTree(call.body());
          return search.path("size").asInt() > 8
              ? new CannedResponse(200, "\"" + "x".repeat(17 << 20) + "\"")
              : respond(call);
        });
    try (PointInTimeScan<Task> scan = openScan()) {
      assertThat(all(scan)).isEqualTo(tasks);
    }
  }

  @Test
  void failsIfSingleRecordIsTooLarge() {
    addTasks(1);
    try (PointInTimeScan<Task> scan = openScan()) {
      elasticsearch.respondWith(
          call -> new CannedResponse(200, "\"" + "x".repeat(17 << 20) + "\""));
      assertThatThrownBy(scan::next).isInstanceOf(StoreUnavailable.class);
    }
  }

  @Test
  void failsIfPointInTimeHasExpired() {
    addTasks(1);
    try (PointInTimeScan<Task> scan = openScan()) {
      elasticsearch.respondWith(
          call -> CannedResponse.error(404, "search_context_missing_exception"));
      assertThatThrownBy(scan::next).isInstanceOf(StoreUnavailable.class);
    }
    elasticsearch.respondWith(call -> CannedResponse.NONE);
    assertThatThrownBy(searches::openPointInTime).isInstanceOf(StoreUnavailable.class);
  }

  @Test
  void skipReadsNoRecords() {
    List<Task> tasks = addTasks(25);
    try (PointInTimeScan<Task> scan = openScan()) {
      scan.skip(20);
      assertThat(scan.next()).isEqualTo(tasks.subList(20, 25));
    }
    assertThat(searchRequests().get(0).path("_source"))
        .isEqualTo(RecordJson.mapper().valueToTree(false));
    assertThat(searchRequests().get(0).path("size").asInt()).isEqualTo(20);
  }
}
