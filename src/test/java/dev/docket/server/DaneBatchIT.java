package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.backends.junit.BackendsExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a batch client does: register from JSON texts, again, assign, and poll until the end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DaneBatchIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final Set<Integer> RUNNING = Set.of(102, 201);
  private static final Set<Integer> FAILED = Set.of(400, 403, 404, 500, 502, 503);
  private static final Set<Integer> DOCKET_RUNNING = Set.of(102, 201, 202);
  private static final Set<Integer> DOCKET_ENDED =
      Set.of(200, 400, 403, 404, 408, 424, 499, 500, 502, 503);

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

  private static String text(String target, String creator) {
    return DaneTestServer.json(
        Map.of(
            "target", Map.of("id", target, "url", "http://x/" + target, "type", "Video"),
            "creator", Map.of("id", creator, "type", "Organization")));
  }

  private JsonNode tasks(String document) {
    return dane.get("/document//" + document + "/tasks").body();
  }

  private JsonNode task(String document, String key) {
    for (JsonNode task : tasks(document)) {
      if (task.path("key").asText().equals(key)) {
        return task;
      }
    }
    throw new AssertionError(key + " is not assigned");
  }

  private int state(String document, String key) {
    return task(document, key).path("state").asInt();
  }

  /** As dane-workflows decides it. */
  private boolean isRunning(String document, String key) {
    JsonNode tasks = tasks(document);
    int state = 0;
    boolean otherFailed = false;
    for (JsonNode task : tasks) {
      if (task.path("key").asText().equals(key)) {
        state = task.path("state").asInt();
      } else {
        otherFailed |= FAILED.contains(task.path("state").asInt());
      }
    }
    return RUNNING.contains(state) || (state == 412 && !otherFailed);
  }

  private JsonNode docketTask(String document, String key) {
    String id = Sha1.of(document + key);
    return dane.server().get("/task/" + id).body();
  }

  /** What Docket knows before and after is what a client sees in between. */
  private void checkRunning(String document, String key) {
    JsonNode before = docketTask(document, key);
    boolean running = isRunning(document, key);
    JsonNode after = docketTask(document, key);
    int state = before.path("state").asInt();
    boolean same =
        state == after.path("state").asInt()
            && before.path("attempt").equals(after.path("attempt"));
    if (same && DOCKET_RUNNING.contains(state)) {
      assertThat(running).as("%s", after).isTrue();
    }
    if (same && DOCKET_ENDED.contains(state)) {
      assertThat(running).as("%s", after).isFalse();
    }
  }

  /** The state that a client sees at the end, by what the worker is told to do. */
  private static Map<Map<String, Object>, Integer> endings() {
    Map<Map<String, Object>, Integer> endings = new LinkedHashMap<>();
    endings.put(Map.of(), 200);
    endings.put(Map.of("form", "string"), 200);
    endings.put(Map.of("form", "text"), 200);
    endings.put(Map.of("form", "garbage"), 500);
    endings.put(Map.of("fail_first", 1), 200);
    endings.put(Map.of("state", 201, "message", "was there", "results", 1), 200);
    for (int state : new int[] {205, 206, 299, 400, 403, 404, 418, 422, 500, 501, 502, 503}) {
      endings.put(Map.of("state", state, "message", "m"), state);
    }
    endings.put(Map.of("needs", List.of("GOODDEP")), 200);
    endings.put(needing("DEP404", 404), 412);
    endings.put(needing("DEP418", 418), 500);
    endings.put(needing("DEP422", 422), 500);
    endings.put(needing("DEP503", 503), 412);
    return endings;
  }

  private static Map<String, Object> needing(String key, int state) {
    return Map.of(
        "needs", List.of(key), "needs_args", Map.of(key, Map.of("args", Map.of("state", state))));
  }

  @Test
  void seesBatchAsRunningUntilItsLastTaskHasEnded() throws Exception {
    List<Map<String, Object>> orders = List.copyOf(endings().keySet());
    List<Integer> expected = List.copyOf(endings().values());
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < orders.size(); i++) {
      texts.add(text("batch " + i, "workflow"));
    }
    JsonNode registered = dane.post("/documents/", DaneTestServer.json(texts)).body();
    assertThat(registered.path("failed")).isEmpty();
    JsonNode again = dane.post("/documents", DaneTestServer.json(texts)).body();
    assertThat(again.path("success")).isEmpty();
    List<String> documents = new ArrayList<>();
    for (JsonNode failed : again.path("failed")) {
      documents.add(failed.at("/document/_id").asText());
      assertThat(failed.path("document"))
          .isEqualTo(registered.path("success").get(documents.size() - 1));
    }
    assertThat(documents).hasSameSizeAs(orders).doesNotHaveDuplicates();

    List<String> all = new ArrayList<>(documents);
    String noQueue = dane.document("batch without queue", "workflow");
    try (PythonWorker worker = dane.worker("BATCH", "BATCH,GOODDEP,DEP404,DEP418,DEP422,DEP503");
        PythonWorker other = dane.worker("BATCH", "BATCH")) {
      for (int i = 0; i < orders.size(); i++) {
        JsonNode assigned =
            dane.post(
                    "/task/",
                    DaneTestServer.json(
                        Map.of(
                            "document_id",
                            List.of(documents.get(i)),
                            "key",
                            "batch",
                            "args",
                            orders.get(i))))
                .body();
        assertThat(assigned.path("failed")).isEmpty();
        assertThat(assigned.at("/success/0/state").textValue()).isEqualTo("201");
      }
      await()
          .atMost(TIMEOUT)
          .until(
              () -> {
                all.forEach(document -> checkRunning(document, "BATCH"));
                return all.stream().noneMatch(document -> isRunning(document, "BATCH"));
              });

      for (int i = 0; i < orders.size(); i++) {
        JsonNode task = task(documents.get(i), "BATCH");
        assertThat(task.path("state").textValue())
            .as("%s: %s", orders.get(i), task)
            .isEqualTo(expected.get(i).toString());
        assertThat(docketTask(documents.get(i), "BATCH").path("state").asInt()).isIn(DOCKET_ENDED);
      }
      assertThat(worker.events("failed")).isEmpty();
      assertThat(other.events("failed")).isEmpty();

      String unroutable = dane.task(noQueue, "NOQUEUE", Map.of());
      await().atMost(TIMEOUT).until(() -> dane.state(unroutable) == 422);
    }
    String blocked = documents.get(orders.indexOf(needing("DEP404", 404)));
    String dependency = Sha1.of(blocked + "DEP404");
    assertThat(task(blocked, "BATCH").path("msg").asText()).contains("DEP404");
    assertThat(dane.delete("/task/" + dependency).status()).isEqualTo(200);
    await().atMost(TIMEOUT).until(() -> state(blocked, "BATCH") == 500);
    assertThat(isRunning(blocked, "BATCH")).isFalse();
  }

  @Test
  void showsSignOfLifeAndThenTheEnd() throws Exception {
    try (PythonWorker silent = dane.worker("ALIVE", "ALIVE")) {
      String document = dane.document("alive", "workflow");
      dane.task(document, "ALIVE", Map.of("silent", true));
      await().atMost(TIMEOUT).until(() -> !silent.events("took").isEmpty());
      String run = silent.events("took").get(0).path("correlation_id").asText();

      BrokerMessages.reply(BACKENDS, run, "{\"state\":102,\"message\":\"halverwege\"}");
      await()
          .atMost(TIMEOUT)
          .until(() -> task(document, "ALIVE").path("msg").asText().equals("halverwege"));
      assertThat(isRunning(document, "ALIVE")).isTrue();
      assertThat(state(document, "ALIVE")).isEqualTo(102);

      BrokerMessages.reply(BACKENDS, run, "{\"state\":201,\"message\":\"was er al\"}");
      await().atMost(TIMEOUT).until(() -> state(document, "ALIVE") == 200);
      JsonNode ended = docketTask(document, "ALIVE");
      assertThat(ended.path("state").asInt()).isEqualTo(200);
      assertThat(ended.path("answered_state").asInt()).isEqualTo(201);
    }
  }

  @Test
  void showsCancelledAndTimedOutTasksAsFailedWithReason() throws Exception {
    try (PythonWorker silent = dane.worker("STOPS", "STOPS")) {
      String document = dane.document("stops", "workflow");
      String cancelled = dane.task(document, "STOPS", Map.of("silent", true));
      await().atMost(TIMEOUT).until(() -> !silent.events("took").isEmpty());
      assertThat(dane.server().post("/task/" + cancelled + "/cancel", "").status()).isEqualTo(200);
      JsonNode task = task(document, "STOPS");
      assertThat(task.path("state").textValue()).isEqualTo("500");
      assertThat(task.path("msg").asText()).startsWith("Cancelled");
      assertThat(dane.get("/workers/STOPS").body().path("total").asInt()).isEqualTo(1);
      assertThat(dane.get("/workers/STOPS/reset/499").body().path("total").asInt()).isZero();
      assertThat(dane.get("/workers/STOPS/reset/500").body().path("total").asInt()).isEqualTo(1);
    }
  }
}
