package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.worker.DocketWorker;
import dev.docket.worker.Outcome;
import dev.docket.worker.TargetType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A server process that is stopped with SIGTERM, as systemd and container engines do. */
final class ServerStoppedIT {

  /** The exit status of a JVM after SIGTERM. */
  private static final int TERMINATED = 143;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.rabbit();

  @TempDir Path directory;

  @Test
  void completesWaitingPollAndExits() throws Exception {
    try (ServerProcess server = server("polled")) {
      startAndAwaitReady(server);
      // A poll waits for a queue only if its key has tasks; this one is for other workers.
      String document =
          """
          {"target":{"id":"s","url":"file:///s","type":"Sound"},
           "creator":{"id":"a","type":"Human"}}
          """;
      String documentId =
          JSON.readTree(server.post("/document", document).body()).path("id").asText();
      assertThat(
              server
                  .post("/task", "{\"document_id\":\"" + documentId + "\",\"key\":\"A\"}")
                  .statusCode())
          .isEqualTo(201);
      CompletableFuture<HttpResponse<String>> poll =
          CompletableFuture.supplyAsync(
              () ->
                  server.post(
                      "/worker/poll",
                      """
                      {"poll_id":"p","keys":["A"],"types":["Text"],"worker":"w","max":1,"wait_s":60}
                      """));
      await().atMost(TIMEOUT).until(() -> hasConsumer("polled"));

      server.terminate();

      assertThat(poll.get(60, java.util.concurrent.TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      assertThat(JSON.readTree(poll.join().body()).path("tasks")).isEmpty();
      assertThat(server.awaitExit(180)).isEqualTo(TERMINATED);
      assertThat(server.logText()).contains("Stopping: ", "Stopped").doesNotContain("ERROR");
    }
  }

  @Test
  void losesNoRunDuringRollingRestart() throws Exception {
    try (ServerProcess serverA = server("rolling");
        ServerProcess serverB = server("rolling")) {
      startAndAwaitReady(serverA);
      startAndAwaitReady(serverB);
      try (DocketWorker workerA = worker(serverA, "rolling");
          DocketWorker workerB = worker(serverB, "rolling")) {
        workerA.start();
        workerB.start();
        Set<String> accepted = ConcurrentHashMap.newKeySet();
        AtomicBoolean stopSubmitting = new AtomicBoolean();
        CompletableFuture<Void> submitter =
            CompletableFuture.runAsync(
                () -> submit(List.of(serverA, serverB), accepted, stopSubmitting));
        for (ServerProcess server : List.of(serverA, serverB)) {
          int before = accepted.size();
          await().atMost(TIMEOUT).until(() -> accepted.size() > before + 20);
          server.terminate();
          assertThat(server.awaitExit(180)).isEqualTo(TERMINATED);
          startAndAwaitReady(server);
        }
        stopSubmitting.set(true);
        submitter.join();

        await()
            .atMost(TIMEOUT)
            .untilAsserted(
                () -> {
                  for (String id : accepted) {
                    JsonNode task = JSON.readTree(serverB.get("/task/" + id).body());
                    assertThat(task.path("state").asInt()).as("%s", task).isEqualTo(200);
                    assertThat(task.path("attempt").asInt()).as("%s", task).isEqualTo(1);
                  }
                });
        assertThat(accepted).hasSizeGreaterThan(40);
      }
      assertThat(serverA.logText()).doesNotContain(" ERROR ");
      assertThat(serverB.logText()).doesNotContain(" ERROR ");
    }
  }

  /** Submits as a client does: repeats a failed request on the other server. */
  private static void submit(
      List<ServerProcess> servers, Set<String> accepted, AtomicBoolean stopSubmitting) {
    for (int i = 0; !stopSubmitting.get(); i++) {
      String document =
          """
          {"target":{"id":"r%d","url":"file:///r","type":"Text"},
           "creator":{"id":"a","type":"Human"}}
          """
              .formatted(i);
      String documentId = id(postWithRetry(servers, i, "/document", document));
      String task = "{\"document_id\":\"" + documentId + "\",\"key\":\"A\"}";
      accepted.add(id(postWithRetry(servers, i, "/task", task)));
    }
  }

  private static HttpResponse<String> postWithRetry(
      List<ServerProcess> servers, int firstServer, String path, String body) {
    List<String> errors = new ArrayList<>();
    for (int i = firstServer; errors.size() < 100; i++) {
      try {
        HttpResponse<String> response = servers.get(i % servers.size()).post(path, body);
        if (response.statusCode() == 201 || response.statusCode() == 409) {
          return response;
        }
        assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
        errors.add(response.body());
      } catch (UncheckedIOException e) {
        errors.add(e.toString());
      }
    }
    throw new AssertionError(errors);
  }

  /** The id of the record that this request created, or an earlier one whose response was lost. */
  private static String id(HttpResponse<String> response) {
    try {
      JsonNode body = JSON.readTree(response.body());
      return body.path(response.statusCode() == 409 ? "existing" : "id").asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the server consumes from the queue. The queue exists before it does. */
  private static boolean hasConsumer(String test) {
    try {
      return BrokerMessages.consumerCount(BACKENDS, test + "docket.v1.A.Text") == 1;
    } catch (Exception e) {
      return false;
    }
  }

  private static DocketWorker worker(ServerProcess server, String test) {
    return DocketWorker.builder()
        .server(server.uri())
        .broker(BACKENDS.backends().amqp().toString())
        .queuePrefix(prefix(test))
        .key("A")
        .types(TargetType.TEXT)
        .concurrency(2)
        .handler((task, context) -> Outcome.success("done"))
        .build();
  }

  private static void startAndAwaitReady(ServerProcess server) {
    server.start();
    await().atMost(TIMEOUT).until(() -> server.respondsWith("/ready", 200));
  }

  private ServerProcess server(String test) throws IOException {
    return new ServerProcess(
        Files.createTempDirectory(directory, test),
        Map.of(
            "DOCKET_ELASTICSEARCH_URL",
            BACKENDS.backends().elasticsearch().toString(),
            "DOCKET_BROKER_URI",
            BACKENDS.backends().amqp().toString(),
            "DOCKET_INDEX_PREFIX",
            prefix(test) + "-",
            "DOCKET_BROKER_PREFIX",
            prefix(test)));
  }

  private static String prefix(String test) {
    return BACKENDS.prefix() + test;
  }
}
