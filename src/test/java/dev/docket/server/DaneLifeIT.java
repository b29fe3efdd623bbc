package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.server.TestServer.Response;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** DANE's use cases from end to end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DaneLifeIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.rabbit();

  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  private DaneTestServer dane;

  @BeforeAll
  void startServer() throws Exception {
    dane = new DaneTestServer(BACKENDS);
  }

  @AfterAll
  void stopServer() {
    if (dane != null) {
      dane.close();
    }
  }

  /** Sends a body without a content type, as the notebook does. */
  private Response post(String path, Object body) {
    return dane.server()
        .send(
            dane.server()
                .request("/DANE/" + path)
                .POST(HttpRequest.BodyPublishers.ofString(DaneTestServer.json(body))));
  }

  @Test
  void servesNotebook() throws Exception {
    Map<String, Object> document =
        Map.of(
            "target",
            Map.of("id", 12345, "url", "http://doesnt.exist", "type", "Video"),
            "creator",
            Map.of("id", "TesterHTTP", "type", "Software"));
    Response registered = post("document", document);
    assertThat(registered.status()).isEqualTo(200);
    String id = registered.text("_id");
    assertThat(post("document", document).status()).isEqualTo(409);
    assertThat(dane.get("/document/search/12345/TesterHTTP").body().at("/0/_id").asText())
        .isEqualTo(id);

    Response assigned =
        post("task", Map.of("key", "TESTHTTP", "document_id", id, "some_optional_argument", "foo"));
    assertThat(assigned.status()).isEqualTo(201);
    assertThat(assigned.body().at("/args/some_optional_argument").asText()).isEqualTo("foo");
    try (PythonWorker worker = dane.worker("TESTHTTP", "TESTHTTP")) {
      String task = assigned.text("_id");
      await().atMost(TIMEOUT).until(() -> dane.state(task) == 200);
      assertThat(worker.events("took")).hasSize(1);
      assertThat(dane.get("/task/" + task).text("msg")).isEqualTo("worked on 12345");
      assertThat(dane.get("/document/" + id + "/tasks").body()).hasSize(1);
    }
  }

  @Test
  void servesWebPage() throws Exception {
    try (PythonWorker worker = dane.worker("PAGE", "PAGE")) {
      List<String> tasks = new ArrayList<>();
      List<String> documents = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        documents.add(dane.document("page " + i, "page"));
        tasks.add(dane.task(documents.get(i), "PAGE", Map.of("state", 500, "message", "broken")));
      }
      await()
          .atMost(TIMEOUT)
          .until(() -> dane.get("/workers/PAGE").body().path("total").asInt() == 4);
      // It lists unfinished tasks, and queues.
      List<String> listed = new ArrayList<>();
      dane.get("/task/inprogress").body().forEach(task -> listed.add(task.path("_id").asText()));
      assertThat(listed).containsAll(tasks);
      await()
          .atMost(TIMEOUT)
          .until(() -> dane.get("/workers").raw().body().contains(BACKENDS.prefix() + "PAGE\""));
      // One task is retried, one reset, one deleted, one document deleted.
      int before = worker.events("took").size();
      assertThat(dane.get("/task/" + tasks.get(0) + "/retry").status()).isEqualTo(200);
      assertThat(dane.get("/task/" + tasks.get(1) + "/reset").text("msg")).isEqualTo("Reset");
      await().atMost(TIMEOUT).until(() -> worker.events("took").size() == before + 2);
      assertThat(dane.get("/task/" + tasks.get(2) + "/delete").status()).isEqualTo(200);
      assertThat(dane.get("/document/" + documents.get(3) + "/delete").status()).isEqualTo(200);
      await().atMost(TIMEOUT).until(() -> dane.get("/task/" + tasks.get(3)).status() == 404);
      // Then all failed tasks are reset.
      await()
          .atMost(TIMEOUT)
          .until(() -> dane.get("/workers/PAGE").body().path("total").asInt() == 2);
      Response reset = dane.get("/workers/PAGE/reset");
      assertThat(reset.body().path("total").asInt()).isEqualTo(2);
      assertThat(reset.text("error")).isEmpty();
      await().atMost(TIMEOUT).until(() -> worker.events("took").size() == before + 4);
    }
  }

  /** The arguments of each task tell its worker what to answer. */
  @Test
  void processesFiveHundredRecordings() throws Exception {
    List<String> documents = new ArrayList<>();
    for (int batch = 0; batch < 5; batch++) {
      List<Object> recordings = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        recordings.add(recording(batch * 100 + i));
      }
      JsonNode answer = post("documents", recordings).body();
      assertThat(answer.path("failed")).isEmpty();
      answer.path("success").forEach(made -> documents.add(made.path("_id").asText()));
    }
    assertThat(documents).hasSize(500).doesNotHaveDuplicates();

    Map<Integer, List<String>> kinds = new TreeMap<>();
    for (int i = 0; i < documents.size(); i++) {
      kinds.computeIfAbsent(i % 10, kind -> new ArrayList<>()).add(documents.get(i));
    }
    try (PythonWorker one = dane.worker("TRANSCRIBE", "TRANSCRIBE");
        PythonWorker two = dane.worker("TRANSCRIBE", "TRANSCRIBE");
        PythonWorker downloads = dane.worker("DOWNLOAD", "DOWNLOAD")) {
      kinds.forEach(
          (kind, ofKind) -> {
            Map<String, Object> asked = Map.of("key", "TRANSCRIBE", "args", arguments(kind));
            JsonNode answer = post("task", Map.of("document_id", ofKind, "task", asked)).body();
            assertThat(answer.path("failed")).isEmpty();
            assertThat(answer.path("success")).hasSize(50);
          });
      await()
          .atMost(TIMEOUT)
          .pollInterval(Duration.ofSeconds(1))
          .untilAsserted(
              () -> {
                assertThat(states("TRANSCRIBE")).isEqualTo(Map.of("200", 450L, "404", 50L));
                assertThat(states("DOWNLOAD")).isEqualTo(Map.of("200", 50L));
              });

      assertThat(dane.get("/creator/radio/TRANSCRIBE/tasks").body()).hasSize(500);
      assertThat(dane.get("/creator/radio/TRANSCRIBE/results").body()).hasSize(450);
      assertThat(downloads.events("took")).hasSize(50);
      int took = one.events("took").size() + two.events("took").size();
      int refused = one.events("refused").size() + two.events("refused").size();
      assertThat(refused).isBetween(50, 100);
      assertThat(took)
          .as("each once, those that failed for now or needed another first twice")
          .isEqualTo(500 + 50 + 50 + refused);
    }
  }

  /** The number of tasks of a key by state. */
  private Map<String, Long> states(String key) {
    Map<String, Long> states = new TreeMap<>();
    dane.server()
        .get("/search/task?key=" + key + "&facets=state&fresh=true&size=1")
        .body()
        .at("/facets/state")
        .forEach(count -> states.put(count.path("value").asText(), count.path("count").asLong()));
    return states;
  }

  private static Map<String, Object> recording(int number) {
    return Map.of(
        "target",
        Map.of("id", "uitzending " + number + " – é", "url", "http://x/" + number, "type", "Sound"),
        "creator",
        Map.of("id", "radio", "type", "Organization"));
  }

  /** One task of ten fails; all others save a result. */
  private static Map<String, Object> arguments(int kind) {
    return switch (kind) {
      case 0 -> Map.of("state", 404, "message", "niet gevonden");
      case 1 -> Map.of("results", 1, "fail_first", 1);
      case 2 -> Map.of("results", 1, "needs", List.of("DOWNLOAD"));
      case 3 -> Map.of("results", 1, "refuse", 1);
      case 4 -> Map.of("results", 1, "form", "string");
      default -> Map.of("results", 1);
    };
  }
}
