package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.backends.junit.BackendsExtension;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The index that DANE's worker library calls, with the Elasticsearch 7 client. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DaneIndexIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private final AtomicInteger number = new AtomicInteger();
  private DaneTestServer dane;
  private PythonWorker client;

  @BeforeAll
  void startServer() throws Exception {
    dane = new DaneTestServer(BACKENDS);
    client = PythonWorker.start("dane_store_calls.py", dane.store() + "", "worker", "any");
  }

  @AfterAll
  void stopServer() {
    if (client != null) {
      client.close();
    }
    if (dane != null) {
      dane.close();
    }
  }

  private String document() {
    return dane.document("film " + number.incrementAndGet(), "archive");
  }

  private JsonNode call(String call, Map<String, ?> arguments) throws IOException {
    Map<String, Object> line = new HashMap<>(arguments);
    line.put("call", call);
    return client.call(line);
  }

  private JsonNode answer(String call, Map<String, ?> arguments) throws IOException {
    JsonNode said = call(call, arguments);
    assertThat(said.has("answer")).as("%s", said).isTrue();
    return said.path("answer");
  }

  private static JsonNode hits(JsonNode found) {
    JsonNode hits = found.path("hits");
    assertThat(hits.path("total").path("value").asInt())
        .isGreaterThanOrEqualTo(hits.path("hits").size());
    assertThat(hits.path("total").path("relation").asText()).isEqualTo("eq");
    return hits.path("hits");
  }

  private static Map<String, Object> result(String task, Object payload) {
    return Map.of(
        "result",
        Map.of(
            "generator",
            Map.of("id", "abc1234", "type", "Software", "name", "ASR", "homepage", "http://x"),
            "payload",
            payload),
        "role",
        Map.of("name", "result", "parent", task),
        "created_at",
        "2026-03-01T12:00:00",
        "updated_at",
        "2026-03-01T12:00:00");
  }

  private String saved(String task, Object payload) throws IOException {
    JsonNode saved = answer("save", Map.of("task", task, "body", result(task, payload)));
    assertThat(saved.path("result").asText()).isEqualTo("created");
    return saved.path("_id").asText();
  }

  @Test
  void clientAcceptsServerAsElasticsearch() throws IOException {
    assertThat(answer("ping", Map.of()).asBoolean()).isTrue();
    JsonNode info = answer("info", Map.of());
    assertThat(info.path("version").path("number").asText()).startsWith("7.");
    assertThat(answer("exists", Map.of()).asBoolean()).isTrue();
    assertThat(answer("create", Map.of()).path("acknowledged").asBoolean()).isTrue();
  }

  @Test
  void findsFirstTenTasksOfDocument() throws IOException {
    String document = document();
    List<String> tasks = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      tasks.add(dane.task(document, "KEY" + i, Map.of("n", i)));
    }
    dane.task(document(), "KEY1", Map.of());

    JsonNode all = answer("assigned", Map.of("document", document));
    List<String> found = new ArrayList<>();
    hits(all).forEach(hit -> found.add(hit.path("_id").asText()));
    assertThat(all.at("/hits/total/value").asInt()).isEqualTo(15);
    assertThat(found).containsExactlyElementsOf(tasks.subList(0, 10));

    JsonNode one = hits(answer("assigned", Map.of("document", document, "key", "KEY7")));
    assertThat(one).hasSize(1);
    JsonNode source = one.get(0).path("_source");
    assertThat(source.fieldNames())
        .toIterable()
        .containsExactly("task", "created_at", "updated_at");
    assertThat(source.path("task").path("key").asText()).isEqualTo("KEY7");
    assertThat(source.path("task").path("state").isInt()).isTrue();
    assertThat(source.path("task").path("priority").asInt()).isEqualTo(1);
    assertThat(source.path("task").path("args").path("n").asInt()).isEqualTo(7);
    assertThat(source.path("task").has("msg")).isTrue();
    assertThat(hits(answer("assigned", Map.of("document", "no id")))).isEmpty();
  }

  @Test
  void findsTaskAndItsDocumentByTaskId() throws IOException {
    String document = document();
    String task = dane.task(document, "ONE", Map.of());

    JsonNode found = hits(answer("task", Map.of("task", task)));
    assertThat(found).hasSize(1);
    assertThat(found.get(0).path("_id").asText()).isEqualTo(task);
    assertThat(found.get(0).at("/_source/task/key").asText()).isEqualTo("ONE");
    JsonNode parent = hits(answer("document_of_task", Map.of("task", task)));
    assertThat(parent).hasSize(1);
    assertThat(parent.get(0).path("_id").asText()).isEqualTo(document);
    assertThat(parent.get(0).path("_source").fieldNames())
        .toIterable()
        .containsExactly("target", "creator", "created_at", "updated_at");
    for (String call : List.of("task", "document_of_task")) {
      assertThat(hits(answer(call, Map.of("task", "0".repeat(40))))).isEmpty();
      assertThat(hits(answer(call, Map.of("task", "no id")))).isEmpty();
    }
  }

  @Test
  void readsDocumentById() throws IOException {
    String document = document();
    JsonNode found = answer("get", Map.of("document", document));
    assertThat(found.path("found").asBoolean()).isTrue();
    assertThat(found.path("_id").asText()).isEqualTo(document);
    assertThat(found.at("/_source/creator/id").asText()).isEqualTo("archive");
    assertThat(answer("get", Map.of("document", "0".repeat(40))).path("found").asBoolean(true))
        .isFalse();
  }

  @Test
  void findsSavedResultOnceItsRunHasSucceeded() throws Exception {
    String document = document();
    String task = dane.task(document, "SAVED", Map.of("message", "done"));
    String id = saved(task, Map.of("text", "слово 語 \uD83D\uDCFC", "number", 1.5));
    JsonNode below = hits(answer("tasks_below", Map.of("document", document, "key", "SAVED")));
    assertThat(below.get(0).path("_id").asText()).isEqualTo(task);
    assertThat(below.get(0).has("_source")).isFalse();
    assertThat(hits(answer("results", Map.of("tasks", List.of(task))))).isEmpty();
    assertThat(hits(answer("result", Map.of("result", id)))).isEmpty();

    try (PythonWorker worker = dane.worker("SAVED", "SAVED")) {
      await().atMost(Duration.ofMinutes(1)).until(() -> dane.state(task) == 200);
      assertThat(worker.events("took")).hasSize(1);
    }

    JsonNode found = hits(answer("results", Map.of("tasks", List.of("0".repeat(40), task))));
    assertThat(found).hasSize(1);
    assertThat(found.get(0).path("_id").asText()).isEqualTo(id);
    JsonNode part = found.get(0).at("/_source/result");
    assertThat(part.at("/payload/text").asText()).isEqualTo("слово 語 \uD83D\uDCFC");
    assertThat(part.path("generator").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("id", "type", "name", "homepage");
    assertThat(hits(answer("result", Map.of("result", id)))).hasSize(1);
  }

  @Test
  void deletesSavedResult() throws Exception {
    String task = dane.task(document(), "TAKEN", Map.of());
    String id = saved(task, Map.of("x", 1));
    String kept = saved(task, Map.of("x", 2));

    assertThat(answer("delete", Map.of("result", id)).path("result").asText()).isEqualTo("deleted");
    assertThat(call("delete", Map.of("result", id)).path("status").asInt()).isEqualTo(404);
    assertThat(call("delete", Map.of("result", "no id")).path("status").asInt()).isEqualTo(404);
    try (PythonWorker worker = dane.worker("TAKEN", "TAKEN")) {
      await().atMost(Duration.ofMinutes(1)).until(() -> dane.state(task) == 200);
      assertThat(worker.events("took")).hasSize(1);
    }
    assertThat(hits(answer("results", Map.of("tasks", List.of(task)))))
        .singleElement()
        .satisfies(hit -> assertThat(hit.path("_id").asText()).isEqualTo(kept));
  }

  @Test
  void savesLargeResultOnce() throws Exception {
    String task = dane.task(document(), "LARGE", Map.of());
    Map<String, Object> payload = Map.of("text", "語".repeat(100_000));
    String id = saved(task, payload);
    assertThat(saved(task, payload)).isEqualTo(id);
    assertThat(answer("get", Map.of("document", id)).path("found").asBoolean(true)).isFalse();

    try (PythonWorker worker = dane.worker("LARGE", "LARGE")) {
      await().atMost(Duration.ofMinutes(1)).until(() -> dane.state(task) == 200);
      assertThat(worker.events("took")).hasSize(1);
    }

    assertThat(hits(answer("results", Map.of("tasks", List.of(task)))))
        .singleElement()
        .satisfies(
            hit ->
                assertThat(hit.at("/_source/result/payload/text").asText())
                    .isEqualTo(payload.get("text")));
    JsonNode record = answer("get", Map.of("document", id));
    assertThat(record.at("/_source/result/payload/text").asText()).isEqualTo(payload.get("text"));
  }

  @Test
  void showsEarlierResultsToRunningWorker() throws Exception {
    String task =
        dane.task(document(), "EARLIER", Map.of("results", 1, "saves_until", 2, "payload", 20_000));
    try (PythonWorker worker = dane.worker("EARLIER", "EARLIER")) {
      for (int attempt = 1; attempt <= 3; attempt++) {
        int answers = attempt;
        await().atMost(Duration.ofMinutes(1)).until(() -> worker.events("found").size() == answers);
        await().atMost(Duration.ofMinutes(1)).until(() -> dane.state(task) == 200);
        if (attempt < 3) {
          dane.get("/task/" + task + "/forceretry");
        }
      }
      List<String> saved =
          worker.events("saved").stream().map(line -> line.path("result").asText()).toList();
      assertThat(saved).hasSize(2).doesNotHaveDuplicates();
      assertThat(worker.events("found"))
          .extracting(line -> line.path("results").toString())
          .containsExactly("[]", "[\"" + saved.get(0) + "\"]", "[\"" + saved.get(1) + "\"]");
      // The third run saved nothing.
      assertThat(hits(answer("results", Map.of("tasks", List.of(task)))))
          .singleElement()
          .satisfies(hit -> assertThat(hit.path("_id").asText()).isEqualTo(saved.get(1)));
    }
  }

  @Test
  void rejectsInvalidResult() throws IOException {
    String task = dane.task(document(), "REFUSED", Map.of());
    Map<Object, Integer> refused = new HashMap<>();
    refused.put(result("no id", Map.of()), 400);
    refused.put(result(task, Map.of("large", "x".repeat(17 << 20))), 413);
    refused.put(Map.of("role", "document", "target", Map.of()), 400);
    refused.put(
        Map.of("result", Map.of("payload", 1), "role", Map.of("name", "result", "parent", task)),
        400);
    refused.put(
        Map.of(
            "result",
            Map.of("generator", Map.of()),
            "role",
            Map.of("name", "result", "parent", task)),
        400);
    for (Map.Entry<Object, Integer> one : refused.entrySet()) {
      JsonNode said = call("save", Map.of("task", task, "body", one.getKey()));
      assertThat(said.path("status").asInt()).as("%s", said).isEqualTo(one.getValue());
    }
  }

  @Test
  void rejectsResultOfEndedOrUnknownTask() throws IOException {
    String task = dane.task(document(), "LATE", Map.of());
    dane.server().post("/task/" + task + "/cancel", "");
    JsonNode late = call("save", Map.of("task", task, "body", result(task, Map.of())));
    assertThat(late.path("status").asInt()).isEqualTo(409);
    assertThat(late.path("error").asText()).contains("root_cause", "reason");

    String unknown = "0".repeat(40);
    JsonNode lost = call("save", Map.of("task", unknown, "body", result(unknown, Map.of())));
    assertThat(lost.path("status").asInt()).isEqualTo(404);
    assertThat(lost.path("error").asText()).contains("root_cause", unknown);
  }

  @Test
  void rejectsOtherCallsWithReason() throws Exception {
    for (Object query :
        List.of(
            Map.of("foo", Map.of()),
            Map.of("range", Map.of("task.state", Map.of("gte", 1))),
            Map.of("query_string", Map.of("query", "*")),
            Map.of("match", Map.of("task.state", "abc")),
            Map.of("has_parent", Map.of("parent_type", "document")),
            List.of())) {
      JsonNode said = call("search", Map.of("body", Map.of("query", query)));
      assertThat(said.path("status").asInt()).as("%s", query).isEqualTo(400);
      assertThat(said.path("error").asText()).contains("root_cause");
    }
    for (String call : List.of("count", "bulk")) {
      JsonNode said = call(call, Map.of());
      assertThat(said.path("status").asInt()).isEqualTo(400);
      assertThat(said.path("error").asText())
          .contains("Docket accepts only saving and deleting a result, not");
    }
    HttpResponse<String> truncated = send("POST", "/dane-index/_doc", "{\"role\":");
    assertThat(truncated.statusCode()).isEqualTo(400);
    assertThat(truncated.body()).contains("\"reason\"", "must be a JSON object");
    HttpResponse<String> odd = send("POST", "/dane-index/_search", "no json");
    assertThat(odd.statusCode()).isEqualTo(400);
    assertThat(odd.headers().firstValue("X-Elastic-Product")).contains("Elasticsearch");
    assertThat(odd.body()).contains("\"reason\"");
    for (String[] other :
        new String[][] {
          {"DELETE", "/dane-index"},
          {"PUT", "/other"},
          {"PUT", "/dane-index/_doc/x"},
          {"PUT", "/dane-index/_doc/x?op_type=create"},
          {"POST", "/dane-index/_doc/x"},
          {"POST", "/other/_doc"},
          {"POST", "/_bulk"},
          {"POST", "/dane-index/_bulk"},
          {"POST", "/_msearch"},
          {"POST", "/dane-index/_msearch"},
          {"POST", "/dane-index/_update/x"},
          {"POST", "/dane-index/_delete_by_query"},
          {"POST", "/dane-index/_update_by_query"},
        }) {
      HttpResponse<String> rejected = send(other[0], other[1], "{}");
      assertThat(rejected.statusCode()).as("%s %s", other[0], other[1]).isEqualTo(400);
      assertThat(rejected.body()).contains("Docket accepts only saving and deleting a result, not");
    }
    String document = document();
    HttpResponse<String> deletion = send("DELETE", "/dane-index/_doc/" + document, "");
    assertThat(deletion.statusCode()).isEqualTo(400);
    assertThat(deletion.body()).contains("not deleting a document or task");
    assertThat(send("HEAD", "/other", "").statusCode()).isEqualTo(404);
    assertThat(send("POST", "/other/_search", "").body()).contains("no such index [other]");
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(dane.store() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    // The server may close a connection after it rejected a request without reading its body. The
    // JDK's client, unlike that of Elasticsearch, does not repeat a POST then.
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }
}
