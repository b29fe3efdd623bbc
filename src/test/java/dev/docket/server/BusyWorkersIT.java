package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.worker.DocketWorker;
import dev.docket.worker.Outcome;
import dev.docket.worker.TargetType;
import dev.docket.worker.WorkerBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What two servers say of workers that are busy, and of workers that have stopped. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BusyWorkersIT {

  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.rabbit();

  private final List<DocketWorker> workers = new ArrayList<>();
  private CountDownLatch release;
  private TwoServers servers;
  private TestServer serverA;
  private TestServer serverB;
  private int documents;

  @BeforeAll
  void start() throws Exception {
    servers = TwoServers.start(yaml());
    serverA = servers.a();
    serverB = servers.b();
  }

  @BeforeEach
  void holdHandlers() {
    release = new CountDownLatch(1);
  }

  @AfterEach
  void stopWorkers() {
    release.countDown();
    workers.forEach(DocketWorker::close);
    workers.clear();
  }

  @AfterAll
  void stop() {
    if (servers != null) {
      servers.close();
    }
  }

  private static String yaml() {
    String management = BACKENDS.backends().management().orElseThrow().toString();
    return TestServer.config(
            BACKENDS.backends().elasticsearch(),
            BACKENDS.backends().amqp(),
            BACKENDS.prefix(),
            "keys: {SLOW: {}, FAST: {}, BYHAND: {}}")
        .replace(
            "broker: {", "broker: {management: \"" + management + "\", statisticsInterval: 1s, ")
        // A lease is lost after 90 s, later than all that the tests wait for.
        .replace("lease: 5s", "lease: 60s");
  }

  /** Its handlers wait until the end of the test. */
  private DocketWorker worker(boolean broker, int concurrency, String... keys) {
    CountDownLatch released = release;
    WorkerBuilder builder =
        DocketWorker.builder()
            .server(serverA.uri())
            .types(TargetType.TEXT)
            .concurrency(concurrency)
            .stopLimit(Duration.ofSeconds(5))
            .handler(
                (task, context) -> {
                  released.await();
                  return Outcome.success("released");
                });
    for (String key : keys) {
      builder.key(key);
    }
    if (broker) {
      builder.broker(BACKENDS.backends().amqp().toString()).queuePrefix(BACKENDS.prefix());
    }
    DocketWorker worker = builder.build();
    worker.start();
    workers.add(worker);
    return worker;
  }

  private String task(TestServer server, String key) {
    return server.task(server.document("busy-" + documents++, "Text"), key, "");
  }

  private void awaitState(String task, int state) {
    await("task " + task + " is " + state)
        .atMost(TIMEOUT)
        .until(() -> serverB.state(task) == state);
  }

  private static JsonNode finding(TestServer server, String task) {
    return server.get("/task/" + task + "/explain").body().path("findings").path(0);
  }

  private void awaitFinding(String task, String kind, String... texts) {
    for (TestServer server : servers.both()) {
      await()
          .atMost(TIMEOUT)
          .untilAsserted(
              () -> {
                JsonNode finding = finding(server, task);
                assertThat(finding.path("kind").asText()).as(finding.toString()).isEqualTo(kind);
                assertThat(finding.path("text").asText()).contains(texts);
              });
    }
  }

  @Test
  void brokerWorkerWithoutFreeSlotsIsBusyAndThenGone() {
    DocketWorker worker = worker(true, 2, "SLOW");
    List<String> running = List.of(task(serverA, "SLOW"), task(serverB, "SLOW"));
    running.forEach(task -> awaitState(task, 102));
    String waiting = task(serverB, "SLOW");

    awaitFinding(
        waiting,
        "workers_busy",
        "The only worker for Text.SLOW is busy (2 of 2 slots taken).",
        "no tasks ahead of it");
    JsonNode evidence = finding(serverB, waiting).path("evidence");
    assertThat(evidence.path("consumers").asInt()).isZero();
    assertThat(evidence.path("slots_taken").asInt()).isEqualTo(2);
    for (TestServer server : servers.both()) {
      await().atMost(TIMEOUT).untilAsserted(() -> assertDriftShowsBusyWorker(server));
    }

    release.countDown();
    running.forEach(task -> awaitState(task, 200));
    awaitState(waiting, 200);
    worker.close();
    String left = task(serverA, "SLOW");
    awaitFinding(left, "no_consumer", "0 of 2 slots taken", "may have stopped");
  }

  private static void assertDriftShowsBusyWorker(TestServer server) {
    for (JsonNode key : server.get("/drift").body().path("keys")) {
      if (key.path("key").asText().equals("SLOW")) {
        assertThat(key.path("workers").asInt()).as(key.toString()).isEqualTo(1);
        assertThat(key.path("slots").asInt()).isEqualTo(2);
        assertThat(key.path("slots_taken").asInt()).isEqualTo(2);
        return;
      }
    }
    throw new AssertionError("/drift does not list the key");
  }

  @Test
  void pollingWorkerIsBusyWithTasksOfAnotherKey() {
    worker(false, 1, "FAST", "OTHER");
    String other = task(serverB, "OTHER");
    awaitState(other, 102);

    String waiting = task(serverA, "FAST");

    awaitFinding(
        waiting, "workers_busy", "The only worker for Text.FAST is busy (1 of 1 slot taken).");
    release.countDown();
    awaitState(waiting, 200);
  }

  @Test
  void workerThatPollsByHandIsBusyWhileItHoldsItsTask() {
    String first = task(serverA, "BYHAND");
    String second = task(serverB, "BYHAND");
    awaitFinding(second, "no_queue", "Start a worker for key BYHAND");

    JsonNode granted =
        serverA
            .post(
                "/worker/poll",
                "{\"poll_id\":\"by-hand\",\"keys\":[\"BYHAND\"],\"worker\":\"curl\",\"max\":1,\"wait_s\":30}")
            .body()
            .path("tasks");
    assertThat(granted).hasSize(1);
    String held = granted.path(0).path("task").path("_id").asText();
    String queued = held.equals(first) ? second : first;

    awaitFinding(
        queued, "workers_busy", "The only worker for Text.BYHAND is busy (1 task running).");
  }
}
