package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.backends.junit.BackendsExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each search of DANE's clients, and the writes that Docket rejects, with Debian's client. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DaneIndexClientsIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private final Map<String, JsonNode> searches = new HashMap<>();
  private final Map<String, JsonNode> writes = new HashMap<>();
  private DaneTestServer dane;
  private String document;
  private String task;
  private String waiting;
  private String result;

  @BeforeAll
  void call() throws Exception {
    dane = new DaneTestServer(BACKENDS);
    document = dane.document("film 12", "batch_1");
    String other = dane.document("film 13", "batch_2");
    task = dane.task(document, "SAVED", Map.of("results", 1));
    waiting = dane.task(document, "WAITING", Map.of());
    dane.task(other, "WAITING", Map.of());
    try (PythonWorker worker = dane.worker("SAVED", "SAVED")) {
      await().atMost(Duration.ofMinutes(1)).until(() -> dane.state(task) == 200);
      result = worker.events("saved").get(0).path("result").asText();
    }
    await().atMost(Duration.ofMinutes(1)).until(() -> dane.state(waiting) == 422);
    String arguments =
        DaneTestServer.json(
            Map.of(
                "document",
                document,
                "task",
                task,
                "result",
                result,
                "target",
                "film 12",
                "creator",
                "batch_1",
                "key",
                "SAVED"));
    try (PythonWorker calls =
        PythonWorker.launch(
            "dane_index_calls.py", ProcessBuilder.Redirect.INHERIT, dane.store() + "", arguments)) {
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> !calls.events("done").isEmpty() || !calls.process().isAlive());
      assertThat(calls.events("done")).hasSize(1);
      calls.events("search").forEach(event -> searches.put(event.path("name").asText(), event));
      calls.events("write").forEach(event -> writes.put(event.path("name").asText(), event));
    }
  }

  @AfterAll
  void stopServer() {
    if (dane != null) {
      dane.close();
    }
  }

  private List<String> found(String search) {
    JsonNode event = searches.get(search);
    assertThat(event).as(search).isNotNull();
    List<String> ids = new ArrayList<>();
    event.path("hits").forEach(hit -> ids.add(hit.path("_id").asText()));
    assertThat(event.path("total").asInt()).as(search).isEqualTo(ids.size());
    return ids;
  }

  private JsonNode source(String search) {
    return searches.get(search).at("/hits/0/_source");
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void findsTasks() {
    assertThat(found("getAssignedTasks")).containsExactly(task, waiting);
    assertThat(found("getAssignedTasks with key")).containsExactly(task);
    assertThat(found("getAssignedTasks of the first 0.2")).containsExactly(task, waiting);
    assertThat(found("taskFromTaskId")).containsExactly(task);
    assertThat(found("searchResult 1")).containsExactly(task);
    assertThat(found("getUnfinished")).hasSize(2).contains(waiting);
    assertThat(found("getUnfinished runnable")).isEmpty();
    assertThat(found("workers/<key>")).isEmpty();
    assertThat(found("get_tasks_of_creator")).containsExactly(task);
    assertThat(found("get_task_of_target_id")).containsExactly(task);
    assertThat(found("DANEBatchHandler")).containsExactly(task, waiting);
  }

  @Test
  void findsDocumentsAndResults() {
    assertThat(found("documentFromTaskId")).containsExactly(document);
    assertThat(found("search")).hasSize(2).contains(document);
    assertThat(found("get_docs_of_creator")).containsExactly(document);
    for (String search :
        List.of(
            "searchResult 2",
            "resultFromResultId",
            "get_results_of_creator",
            "get_result_of_target_id",
            "parent_id")) {
      assertThat(found(search)).as(search).containsExactly(result);
    }
    assertThat(found("downloader")).hasSize(6).contains(document, task, result);
    assertThat(found("no body")).hasSize(6);
  }

  @Test
  void showsOnlyWhatClientsAskFor() {
    assertThat(names(source("getAssignedTasks")))
        .containsExactlyInAnyOrder("task", "created_at", "updated_at");
    assertThat(names(source("documentFromTaskId")))
        .containsExactlyInAnyOrder("target", "creator", "created_at", "updated_at");
    assertThat(source("searchResult 1").isMissingNode()).isTrue();
    assertThat(names(source("searchResult 2"))).containsExactly("result");
    assertThat(source("get_tasks_of_creator").at("/role/parent").asText()).isEqualTo(document);
    assertThat(source("get_results_of_creator").at("/role/parent").asText()).isEqualTo(task);
    assertThat(names(source("get_result_of_target_id")))
        .containsExactlyInAnyOrder("result", "role", "created_at", "updated_at");
    assertThat(source("GET without role").has("role")).isFalse();
    assertThat(source("GET").at("/role/parent").asText()).isEqualTo(document);
    JsonNode hit = searches.get("get_results_of_creator").at("/hits/0");
    assertThat(hit.path("_routing").asText()).isEqualTo(task);
    assertThat(hit.path("_type").asText()).isEqualTo("_doc");
    assertThat(hit.path("_index").asText()).isEqualTo("dane-index");
  }

  @Test
  void printsWhyWritesAreRejected() {
    for (String write :
        List.of(
            "create another index",
            "index a document",
            "create a document",
            "index an embedding",
            "update a task",
            "bulk",
            "msearch",
            "delete_by_query",
            "update_by_query",
            "delete a task",
            "delete the index",
            "put a mapping",
            "count")) {
      assertThat(writes.get(write).path("error").asText())
          .as("%s: %s", write, writes.get(write))
          .startsWith("RequestError(400, 'illegal_argument_exception', ")
          .contains("Docket accepts only saving and deleting a result, not ");
    }
    assertThat(writes.get("sort").path("error").asText())
        .contains("Docket does not support a search sorted by [created_at]");
    assertThat(writes.get("aggregate").path("error").asText())
        .contains("Docket does not support a search with [aggs]");
    assertThat(writes.get("search another index").path("error").asText())
        .contains("NotFoundError(404, 'index_not_found_exception', 'no such index [other]'");
  }
}
