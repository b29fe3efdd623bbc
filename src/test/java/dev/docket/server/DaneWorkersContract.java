package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.backends.junit.BackendsExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A Python process that behaves like a DANE worker, on each kind of broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DaneWorkersContract {

  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private final AtomicInteger number = new AtomicInteger();
  private DaneTestServer dane;

  abstract BackendsExtension backends();

  @BeforeAll
  void startServer() throws Exception {
    dane = new DaneTestServer(backends());
  }

  @AfterAll
  void stopServer() {
    if (dane != null) {
      dane.close();
    }
  }

  private String document() {
    return dane.document("film " + number.incrementAndGet() + " 映画", "archive");
  }

  private void awaitState(String task, int state) {
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(dane.get("/task/" + task).body().path("state").asInt())
                    .isEqualTo(state));
  }

  private JsonNode task(String id) {
    return dane.get("/task/" + id).body();
  }

  @Test
  void readsRepliesInEveryForm() throws Exception {
    try (PythonWorker worker = dane.worker("FORMS", "FORMS")) {
      for (String form : List.of("object", "text", "string")) {
        String id = dane.task(document(), "FORMS", Map.of("form", form, "message", "готово"));
        awaitState(id, 200);
        assertThat(task(id).path("msg").asText()).isEqualTo("готово");
      }
      for (int state : List.of(400, 403, 404, 500)) {
        String id = dane.task(document(), "FORMS", Map.of("state", state, "message", "no"));
        awaitState(id, state);
        assertThat(task(id).path("msg").asText()).isEqualTo("no");
      }
      assertThat(worker.events("unreadable")).isEmpty();
    }
  }

  @Test
  void retriesTemporaryFailureAsNewRun() throws Exception {
    try (PythonWorker worker = dane.worker("PROXY", "PROXY")) {
      String mended = dane.task(document(), "PROXY", Map.of("fail_first", 2));
      String broken = dane.task(document(), "PROXY", Map.of("fail_first", 9));

      awaitState(mended, 200);
      awaitState(broken, 503);
      assertThat(worker.events("took"))
          .filteredOn(line -> line.path("task").asText().equals(mended))
          .extracting(line -> line.path("correlation_id").asText())
          .hasSize(3)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void deadLettersUnreadableReplyAndEndsTask() throws Exception {
    try (PythonWorker worker = dane.worker("GARBAGE", "GARBAGE")) {
      String id = dane.task(document(), "GARBAGE", Map.of("form", "garbage"));
      await().atMost(TIMEOUT).until(() -> !worker.events("answered").isEmpty());
      await()
          .atMost(TIMEOUT)
          .untilAsserted(
              () ->
                  assertThat(BrokerMessages.count(backends(), "docket-dead-letters")).isPositive());
      awaitState(id, 500);
      assertThat(task(id).path("msg").asText()).contains("cannot be read");
    }
  }

  @Test
  void createsNamedDependenciesAndWaitsForThem() throws Exception {
    try (PythonWorker first = dane.worker("FIRST", "FIRST");
        PythonWorker second = dane.worker("SECOND", "SECOND")) {
      String document = document();
      String id =
          dane.task(
              document,
              "SECOND",
              Map.of(
                  "needs",
                  List.of("FIRST"),
                  "needs_args",
                  Map.of("FIRST", Map.of("message", "made for you"))));

      awaitState(id, 200);
      JsonNode made = only(dane.get("/document/" + document + "/tasks").body(), "FIRST");
      assertThat(made.path("state").asInt()).isEqualTo(200);
      assertThat(made.path("msg").asText()).isEqualTo("made for you");
      assertThat(first.events("took")).hasSize(1);
      // The state can change before the worker prints that it replied.
      await()
          .untilAsserted(
              () ->
                  assertThat(second.events("answered"))
                      .extracting(line -> line.path("state").asInt())
                      .containsExactly(412, 200));
    }
  }

  private static JsonNode only(JsonNode tasks, String key) {
    for (JsonNode task : tasks) {
      if (task.path("key").asText().equals(key)) {
        return task;
      }
    }
    throw new AssertionError(key + " is not among " + tasks);
  }

  @Test
  void emptyDependencyListWaitsForAnySuccessOnDocument() throws Exception {
    try (PythonWorker slow = dane.worker("LATER", "LATER")) {
      String document = document();
      // The dependency is assigned but has no worker, so the list of missing keys is empty.
      String needed = dane.task(document, "NEEDED", Map.of());
      String id = dane.task(document, "LATER", Map.of("needs", List.of("NEEDED")));
      awaitState(id, 412);
      await().untilAsserted(() -> assertThat(slow.events("answered")).hasSize(1));

      try (PythonWorker worker = dane.worker("NEEDED", "NEEDED")) {
        awaitState(needed, 200);
        awaitState(id, 200);
        assertThat(worker.events("took")).hasSize(1);
      }
    }
  }

  @Test
  void endsTasksThatDependOnEachOther() throws Exception {
    try (PythonWorker worker = dane.worker("CIRCLE", "CIRCLEA,CIRCLEB,CIRCLEC")) {
      String document = document();
      Map<String, Object> c = Map.of("key", "CIRCLEC", "demands", List.of("CIRCLEA"));
      Map<String, Object> b = Map.of("key", "CIRCLEB", "demands", List.of(c));
      String id = dane.task(document, "CIRCLEA", Map.of("demands", List.of(b)));

      // As 412 they would seem to wait for each other forever.
      awaitState(id, 500);
      for (JsonNode other : dane.get("/document/" + document + "/tasks").body()) {
        awaitState(other.path("_id").asText(), 500);
      }
      assertThat(dane.get("/document/" + document + "/tasks").raw().body())
          .contains("dependency cycle");
      assertThat(worker.events("failed")).isEmpty();
    }
  }

  @Test
  void redeliversRejectedMessageAsSameRun() throws Exception {
    try (PythonWorker worker = dane.worker("REFUSES", "REFUSES")) {
      String id = dane.task(document(), "REFUSES", Map.of("refuse", 3));

      awaitState(id, 200);
      assertThat(worker.events("refused")).hasSize(3);
      assertThat(worker.events("took"))
          .extracting(line -> line.path("correlation_id").asText())
          .hasSize(4)
          .containsOnly(worker.events("took").get(0).path("correlation_id").asText());
    }
  }

  @Test
  void ignoresReplyOfEarlierRun() throws Exception {
    try (PythonWorker silent = dane.worker("FENCED", "FENCED")) {
      String id = dane.task(document(), "FENCED", Map.of("silent", true));
      await().atMost(TIMEOUT).until(() -> !silent.events("took").isEmpty());
      String early = silent.events("took").get(0).path("correlation_id").asText();
      assertThat(dane.get("/task/" + id + "/forceretry").status()).isEqualTo(200);

      BrokerMessages.reply(backends(), early, "{\"state\":200,\"message\":\"too late\"}");

      await()
          .atMost(TIMEOUT)
          .until(
              () ->
                  dane.server()
                      .get("/task/" + id + "/history")
                      .raw()
                      .body()
                      .contains("refused complete"));
      assertThat(task(id).path("state").asInt()).isIn(102, 201);
      String current = "{\"state\":200,\"message\":\"in time\"}";
      String attempt = early.replaceFirst("\\.1\\..*", ".2.");
      await()
          .atMost(TIMEOUT)
          .until(
              () ->
                  BrokerMessages.peekCorrelationId(backends(), "FENCED")
                      .filter(c -> c.startsWith(attempt))
                      .isPresent());
      BrokerMessages.reply(
          backends(),
          BrokerMessages.peekCorrelationId(backends(), "FENCED").orElseThrow(),
          current);
      awaitState(id, 200);
      assertThat(task(id).path("msg").asText()).isEqualTo("in time");
    }
  }

  @Test
  void showsSavedResultsAfterSuccessAndDeletesThemAfterFailure() throws Exception {
    try (PythonWorker worker = dane.worker("SAVES", "SAVES")) {
      String good = dane.task(document(), "SAVES", Map.of("results", 3));
      String bad = dane.task(document(), "SAVES", Map.of("results", 2, "state", 500));

      awaitState(good, 200);
      awaitState(bad, 500);
      JsonNode results = dane.server().get("/task/" + good + "/results").body();
      assertThat(results).hasSize(3);
      assertThat(results.get(2).path("payload").path("number").asInt()).isEqualTo(2);
      assertThat(results.get(0).path("generator").path("name").asText()).isEqualTo("SAVES");
      for (JsonNode saved : worker.events("saved")) {
        String result = saved.path("result").asText();
        boolean counts = saved.path("task").asText().equals(good);
        await()
            .atMost(TIMEOUT)
            .untilAsserted(
                () ->
                    assertThat(dane.get("/result/" + result).status())
                        .isEqualTo(counts ? 200 : 404));
      }
      assertThat(dane.server().get("/task/" + bad + "/results").body()).isEmpty();
    }
  }

  @Test
  void nextWorkerTakesTaskOfKilledWorker() throws Exception {
    String id;
    try (PythonWorker silent = dane.worker("KILLED", "KILLED")) {
      id = dane.task(document(), "KILLED", Map.of("refuse", 1));
      await().atMost(TIMEOUT).until(() -> !silent.events("took").isEmpty());
      silent.kill();
    }
    try (PythonWorker next = dane.worker("KILLED", "KILLED")) {
      awaitState(id, 200);
      assertThat(next.events("unreadable")).isEmpty();
    }
  }

  @Test
  void countsQueueOfWorker() throws Exception {
    try (PythonWorker worker = dane.worker("COUNTED", "COUNTED")) {
      assertThat(worker.events("ready")).hasSize(1);
      String name = backends().prefix() + "COUNTED";
      await()
          .atMost(TIMEOUT)
          .untilAsserted(
              () ->
                  assertThat(dane.get("/workers").body())
                      .filteredOn(queue -> queue.path("name").asText().equals(name))
                      .singleElement()
                      .satisfies(
                          queue -> {
                            assertThat(queue.path("active_workers").asInt()).isEqualTo(1);
                            assertThat(queue.path("in_queue").asInt()).isZero();
                            assertThat(queue).hasSize(3);
                          }));
    }
  }
}
