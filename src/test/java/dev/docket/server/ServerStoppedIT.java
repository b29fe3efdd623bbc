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

/** The runnable jar, asked to stop as systemd and container engines do. */
final class ServerStoppedIT {

  /** What the JVM ends with after a SIGTERM. */
  private static final int TERMINATED = 143;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.rabbit();

  @TempDir Path directory;

  @Test
  void whoWaitsForATaskIsAnsweredAndTheServerEnds() throws Exception {
    try (ServerProcess server = server("polled")) {
      ready(server);
      CompletableFuture<HttpResponse<String>> poll =
          CompletableFuture.supplyAsync(
              () ->
                  server.post(
                      "/worker/poll",
                      """
                      {"poll_id":"p","keys":["A"],"types":["Text"],"worker":"w","max":1,"wait_s":60}
                      """));
      await().atMost(TIMEOUT).until(() -> isTakenFrom("polled"));

      server.terminate();

      assertThat(poll.get(60, java.util.concurrent.TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      assertThat(JSON.readTree(poll.join().body()).path("tasks")).isEmpty();
      assertThat(server.awaitExit(180)).isEqualTo(TERMINATED);
      assertThat(server.logText()).contains("Stopping: ", "Stopped").doesNotContain("ERROR");
    }
  }

  @Test
  void serversAreRestartedOneByOneUnderLoadAndNoRunIsLost() throws Exception {
    try (ServerProcess one = server("rolling");
        ServerProcess other = server("rolling")) {
      ready(one);
      ready(other);
      try (DocketWorker first = worker(one, "rolling");
          DocketWorker second = worker(other, "rolling")) {
        first.start();
        second.start();
        Set<String> accepted = ConcurrentHashMap.newKeySet();
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Void> submitter =
            CompletableFuture.runAsync(() -> submit(List.of(one, other), accepted, enough));
        for (ServerProcess server : List.of(one, other)) {
          int before = accepted.size();
          await().atMost(TIMEOUT).until(() -> accepted.size() > before + 20);
          server.terminate();
          assertThat(server.awaitExit(180)).isEqualTo(TERMINATED);
          ready(server);
        }
        enough.set(true);
        submitter.join();

        await()
            .atMost(TIMEOUT)
            .untilAsserted(
                () -> {
                  for (String id : accepted) {
                    JsonNode task = JSON.readTree(other.get("/task/" + id).body());
                    assertThat(task.path("state").asInt()).as("%s", task).isEqualTo(200);
                    assertThat(task.path("attempt").asInt()).as("%s", task).isEqualTo(1);
                  }
                });
        assertThat(accepted).hasSizeGreaterThan(40);
      }
      assertThat(one.logText()).doesNotContain(" ERROR ");
      assertThat(other.logText()).doesNotContain(" ERROR ");
    }
  }

  /** As a client does: what was not answered is asked again, of the other server. */
  private static void submit(
      List<ServerProcess> servers, Set<String> accepted, AtomicBoolean enough) {
    for (int i = 0; !enough.get(); i++) {
      String document =
          """
          {"target":{"id":"r%d","url":"file:///r","type":"Text"},
           "creator":{"id":"a","type":"Human"}}
          """
              .formatted(i);
      String documentId = id(answered(servers, i, "/document", document));
      String task = "{\"document_id\":\"" + documentId + "\",\"key\":\"A\"}";
      accepted.add(id(answered(servers, i, "/task", task)));
    }
  }

  private static HttpResponse<String> answered(
      List<ServerProcess> servers, int first, String path, String body) {
    List<String> troubles = new ArrayList<>();
    for (int i = first; troubles.size() < 100; i++) {
      try {
        HttpResponse<String> answer = servers.get(i % servers.size()).post(path, body);
        if (answer.statusCode() == 201 || answer.statusCode() == 409) {
          return answer;
        }
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        troubles.add(answer.body());
      } catch (UncheckedIOException gone) {
        troubles.add(gone.toString());
      }
    }
    throw new AssertionError(troubles);
  }

  /** Of what was made now, or by the same call before its answer was lost. */
  private static String id(HttpResponse<String> answer) {
    try {
      JsonNode body = JSON.readTree(answer.body());
      return body.path(answer.statusCode() == 409 ? "existing" : "id").asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the server waits for messages: the queue is there before it does. */
  private static boolean isTakenFrom(String test) {
    try {
      return BrokerMessages.consumers(BACKENDS, test + "docket.v1.A.Text") == 1;
    } catch (Exception notYet) {
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

  private static void ready(ServerProcess server) {
    server.start();
    await().atMost(TIMEOUT).until(() -> server.answers("/ready", 200));
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
