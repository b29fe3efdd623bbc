package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.worker.DocketWorker;
import dev.docket.worker.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many large payloads at the same time, from all kinds of workers, with a server of 512 MiB of
 * heap. By default few and of 2 MiB; with {@code -Ddocket.largePayloads=whole} 50 of 16 MiB.
 */
final class LargePayloadIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path ROOT = Path.of(System.getProperty("docket.root"));
  private static final boolean WHOLE =
      System.getProperty("docket.largePayloads", "few").equals("whole");
  private static final Duration TIMEOUT = Duration.ofMinutes(WHOLE ? 20 : 3);
  private static final int PAYLOAD_BYTES = (WHOLE ? 16 : 2) << 20;

  /** Fewer, since the worker client holds each payload in memory. */
  private static final int FROM_CLIENT = WHOLE ? 10 : 2;

  private static final int FROM_POLLING_WORKER = WHOLE ? 20 : 2;
  private static final int FROM_DANE_WORKER = WHOLE ? 20 : 2;
  private static final int CONCURRENT_READERS = 4;
  private static final String CLIENT_KEY = "CLIENT";
  private static final String POLLING_KEY = "POLLING";
  private static final String DANE_KEY = "DANE";
  private static final String POLLING_WORKER = "polling-worker";

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  @TempDir Path directory;

  @Test
  @Timeout(value = 45, unit = TimeUnit.MINUTES)
  void storesAndReturnsLargePayloadsFromAllWorkersAtOnce() throws Exception {
    int daneIndexPort = ServerProcess.freePort();
    try (ServerProcess server = server(daneIndexPort)) {
      server.start();
      await().atMost(TIMEOUT).until(() -> server.respondsWith("/ready", 200));
      LargePayloadClient client =
          new LargePayloadClient(server.uri(), URI.create("http://127.0.0.1:" + daneIndexPort));
      List<String> tasks = new ArrayList<>();
      List<String> daneTasks = assign(client, DANE_KEY, FROM_DANE_WORKER);
      tasks.addAll(daneTasks);
      tasks.addAll(assign(client, CLIENT_KEY, FROM_CLIENT));
      List<String> polled = assign(client, POLLING_KEY, FROM_POLLING_WORKER);
      tasks.addAll(polled);

      List<Callable<Void>> uploads = new ArrayList<>();
      for (String task : daneTasks) {
        uploads.add(
            () -> {
              client.saveInDaneIndex(task, payload(task));
              return null;
            });
      }
      for (JsonNode granted : poll(client, polled.size())) {
        uploads.add(
            () -> {
              client.upload(granted, payload(LargePayloadClient.taskId(granted)));
              complete(client, granted);
              return null;
            });
      }
      try (DocketWorker worker = worker(server)) {
        worker.start();
        runAll(uploads, uploads.size());
        try (PythonWorker daneWorker = daneWorker()) {
          await("all tasks have succeeded")
              .atMost(TIMEOUT)
              .pollInterval(Duration.ofMillis(500))
              .untilAsserted(
                  () -> {
                    assertThat(daneWorker.process().isAlive()).isTrue();
                    for (String task : tasks) {
                      JsonNode shown = JSON.readTree(server.get("/task/" + task).body());
                      assertThat(shown.path("state").asInt()).as("%s", shown).isEqualTo(200);
                    }
                  });
        }
      }

      List<Callable<Void>> reads = new ArrayList<>();
      tasks.forEach(
          task ->
              reads.add(
                  () -> {
                    assertReadable(client, task);
                    return null;
                  }));
      runAll(reads, CONCURRENT_READERS);
      assertThat(server.process().isAlive()).isTrue();
      assertThat(server.logText()).doesNotContain("OutOfMemoryError").doesNotContain("ERROR");
    }
  }

  private static LargePayload payload(String task) {
    return new LargePayload(task, PAYLOAD_BYTES);
  }

  private ServerProcess server(int daneIndexPort) throws IOException {
    String shipped = Files.readString(ROOT.resolve("config.yml"));
    String config =
        shipped.replace("\nkeys: {}\n", "\nkeys: {" + DANE_KEY + ": {protocol: dane}}\n");
    assertThat(config).as("config.yml with a key of DANE").isNotEqualTo(shipped);
    return new ServerProcess(
        directory,
        Files.writeString(directory.resolve("config.yml"), config),
        Map.of(
            "DOCKET_ELASTICSEARCH_URL", BACKENDS.backends().elasticsearch().toString(),
            "DOCKET_BROKER_URI", BACKENDS.backends().amqp().toString(),
            "DOCKET_INDEX_PREFIX", BACKENDS.prefix() + "-",
            "DOCKET_BROKER_PREFIX", BACKENDS.prefix(),
            "DOCKET_DANE_STORE", "true",
            "DOCKET_DANE_STORE_PORT", String.valueOf(daneIndexPort),
            // The polling worker sends no heartbeats.
            "DOCKET_LEASE", "30m"),
        List.of("-Xmx512m", "-XX:+UseSerialGC"));
  }

  private static DocketWorker worker(ServerProcess server) {
    return DocketWorker.builder()
        .server(server.uri())
        .broker(BACKENDS.backends().amqp().toString())
        .queuePrefix(BACKENDS.prefix())
        .concurrency(FROM_CLIENT)
        .handler(
            CLIENT_KEY,
            (task, context) -> {
              try (InputStream payload = payload(task.id()).open()) {
                return Outcome.success("done").result(JSON.readTree(payload));
              }
            })
        .build();
  }

  /** A worker that replies to the tasks whose results are saved already. */
  private static PythonWorker daneWorker() throws IOException {
    return PythonWorker.start(
        "dane_worker.py",
        BACKENDS.backends().amqp().toString(),
        BACKENDS.prefix() + "DANE-exchange",
        BACKENDS.prefix() + DANE_KEY,
        DANE_KEY);
  }

  private static List<String> assign(LargePayloadClient client, String key, int count)
      throws Exception {
    List<String> tasks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = key + "-" + i;
      JsonNode document =
          client.post(
              "/document",
              Map.of(
                  "target",
                  Map.of("id", name, "url", "file:///" + name, "type", "Text"),
                  "creator",
                  Map.of("id", "archive", "type", "Organization")));
      tasks.add(
          client
              .post("/task", Map.of("document_id", document.path("id").asText(), "key", key))
              .path("id")
              .asText());
    }
    return tasks;
  }

  /** Claims this many tasks, and reports that they have started. */
  private static List<JsonNode> poll(LargePayloadClient client, int count) throws Exception {
    List<JsonNode> granted = new ArrayList<>();
    for (int number = 0; granted.size() < count; number++) {
      JsonNode response =
          client.post(
              "/worker/poll",
              Map.of(
                  "poll_id",
                  "poll-" + number,
                  "keys",
                  List.of(POLLING_KEY),
                  "types",
                  List.of("Text"),
                  "worker",
                  POLLING_WORKER,
                  "max",
                  count - granted.size(),
                  "wait_s",
                  20));
      assertThat(response.path("tasks")).as("tasks of poll %s", number).isNotEmpty();
      response.path("tasks").forEach(granted::add);
    }
    for (JsonNode each : granted) {
      report(client, each, Map.of("type", "started"));
    }
    return granted;
  }

  private static void complete(LargePayloadClient client, JsonNode granted) throws Exception {
    report(
        client,
        granted,
        Map.of(
            "type",
            "complete",
            "state",
            200,
            "message",
            "done",
            "results",
            List.of(
                Map.of(
                    "uploaded",
                    PAYLOAD_BYTES,
                    "generator",
                    Map.of("id", "large", "type", "Software")))));
  }

  private static void report(LargePayloadClient client, JsonNode granted, Map<String, ?> fields)
      throws Exception {
    Map<String, Object> item = new java.util.HashMap<>(fields);
    item.put("worker", POLLING_WORKER);
    item.put("task", LargePayloadClient.taskId(granted));
    item.put("attempt", granted.path("attempt").asInt());
    item.put("run", granted.path("run").asText());
    item.put("claim_id", granted.path("claim_id").asText());
    JsonNode response = client.post("/worker/report", List.of(item));
    assertThat(response.path(0).path("status").asInt()).as("%s", response).isEqualTo(200);
  }

  private static void runAll(List<Callable<Void>> calls, int threads) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      for (Future<Void> done : executor.invokeAll(calls)) {
        done.get();
      }
    } finally {
      executor.shutdownNow();
    }
  }

  private static void assertReadable(LargePayloadClient client, String task) throws Exception {
    String expected = payload(task).sha256();
    JsonNode results = client.results(task);
    assertThat(results).as("results of %s", task).hasSize(1);
    assertThat(LargePayloadClient.sha256(results.get(0).path("payload")))
        .as("payload in the list of results of %s", task)
        .isEqualTo(expected);
    String id = results.get(0).path("id").asText();
    assertThat(LargePayload.sha256(client.get("/result/" + id + "/payload")))
        .as("payload of result %s", id)
        .isEqualTo(expected);
    List<JsonNode> inIndex = client.resultsInDaneIndex(task);
    assertThat(inIndex).as("results of %s in DANE's index", task).hasSize(1);
    assertThat(LargePayloadClient.sha256(inIndex.get(0).at("/result/payload")))
        .as("payload of %s in DANE's index", task)
        .isEqualTo(expected);
  }
}
