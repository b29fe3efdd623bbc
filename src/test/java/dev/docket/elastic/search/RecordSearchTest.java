package dev.docket.elastic.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import co.elastic.clients.elasticsearch._types.SortOrder;
import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.elastic.FakeElasticsearch;
import dev.docket.elastic.FakeElasticsearch.Call;
import dev.docket.elastic.FakeElasticsearch.CannedResponse;
import dev.docket.elastic.client.Alias;
import dev.docket.elastic.client.ElasticClients;
import dev.docket.elastic.record.RecordCodec;
import dev.docket.elastic.record.RecordJson;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
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

final class RecordSearchTest {

  private final List<String> sources = new ArrayList<>();
  private final FakeElasticsearch elasticsearch = FakeElasticsearch.start(this::page);
  private final ElasticClients clients = elasticsearch.clients();
  private final RecordSearch<Task> searches =
      new RecordSearch<>(
          clients.typed(), clients.silence(), new Alias("docket-tasks"), RecordCodec.TASK);

  @AfterEach
  void close() {
    clients.close();
    elasticsearch.close();
  }

  /** Returns the sources in order; the sort value of each is its position. */
  private CannedResponse page(Call call) throws IOException {
    JsonNode search = RecordJson.mapper().readTree(call.body());
    int from = search.has("search_after") ? search.at("/search_after/0").asInt() + 1 : 0;
    int to = Math.min(sources.size(), from + search.path("size").asInt());
    String hits =
        IntStream.range(from, to)
            .mapToObj(
                i ->
                    "{\"_index\":\"docket-tasks-v1\",\"_id\":\"a\",\"_seq_no\":"
                        + i
                        + ",\"_primary_term\":1,\"sort\":["
                        + i
                        + "],\"_source\":"
                        + sources.get(i)
                        + "}")
            .collect(Collectors.joining(","));
    return new CannedResponse(
        200,
        "{\"took\":1,\"timed_out\":false,\"_shards\":{\"total\":1,\"successful\":1,\"failed\":0},"
            + "\"hits\":{\"hits\":["
            + hits
            + "]}}");
  }

  private Task addTask() {
    Task task = TaskSamples.task("ASR");
    try {
      sources.add(new String(RecordCodec.TASK.write(task), StandardCharsets.UTF_8));
    } catch (RecordCodec.Unwritable e) {
      throw new AssertionError(e);
    }
    return task;
  }

  private List<Task> found(int limit) {
    return searches
        .sorted(
            QueryTerms.exists("id"),
            List.of(QueryTerms.sort("id", SortOrder.Asc)),
            List.of(),
            limit)
        .stream()
        .map(Versioned::value)
        .toList();
  }

  @Test
  void returnsRecordWithVersion() {
    addTask();
    Task second = addTask();
    assertThat(
            searches
                .sorted(
                    QueryTerms.exists("id"),
                    List.of(QueryTerms.sort("id", SortOrder.Asc)),
                    List.of(),
                    9)
                .get(1))
        .isEqualTo(new Versioned<>(second, new Version(1, 1)));
    assertThat(elasticsearch.calls().get(0).path()).isEqualTo("/docket-tasks/_search");
    assertThat(elasticsearch.calls().get(0).query()).contains("allow_partial_search_results=false");
  }

  @Test
  void omitsUnreadableRecordsAndFillsThePage() {
    Task first = addTask();
    sources.add("{\"id\":\"bad\"}");
    sources.add("{\"id\":\"worse\",\"what\":[]}");
    Task second = addTask();
    Task third = addTask();
    addTask();
    assertThat(found(3)).containsExactly(first, second, third);
  }

  @Test
  void returnsEmptyPageIfNoRecordIsReadable() {
    for (int i = 0; i < 7; i++) {
      sources.add("{}");
    }
    assertThat(found(2)).isEmpty();
  }

  @Test
  void splitsPageIfResponseIsTooLarge() {
    List<Task> all = IntStream.range(0, 10).mapToObj(i -> addTask()).toList();
    elasticsearch.respondWith(
        call ->
            RecordJson.mapper().readTree(call.body()).path("size").asInt() > 3
                ? new CannedResponse(200, "\"" + "x".repeat(17 << 20) + "\"")
                : page(call));
    assertThat(found(20)).isEqualTo(all);
    assertThat(found(7)).isEqualTo(all.subList(0, 7));
  }

  @Test
  void failsIfSingleRecordIsTooLarge() {
    elasticsearch.respondWith(call -> new CannedResponse(200, "\"" + "x".repeat(17 << 20) + "\""));
    assertThatThrownBy(() -> found(2)).isInstanceOf(StoreUnavailable.class);
  }

  @Test
  void failsWithStoreUnavailableWithoutUsableResponse() {
    for (CannedResponse response :
        List.of(
            CannedResponse.NONE,
            CannedResponse.error(404, "index_not_found_exception"),
            CannedResponse.error(429, "es_rejected_execution_exception"),
            CannedResponse.error(503, "search_phase_execution_exception"),
            new CannedResponse(200, "<html>"))) {
      elasticsearch.respondWith(call -> response);
      assertThatThrownBy(() -> found(2))
          .as(response.toString())
          .isInstanceOf(StoreUnavailable.class);
    }
  }

  @Test
  void rejectsInvalidSearch() {
    elasticsearch.respondWith(call -> CannedResponse.error(400, "parsing_exception"));
    assertThatThrownBy(() -> found(2)).isInstanceOf(RecordSearch.SearchRejected.class);
  }
}
