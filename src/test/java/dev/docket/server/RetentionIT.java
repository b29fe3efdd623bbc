package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.worker.DocketWorker;
import dev.docket.worker.Outcome;
import dev.docket.worker.TargetType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A server that keeps tasks for one day and documents for two; the test backdates some records. */
final class RetentionIT {

  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final Instant LONG_AGO = Instant.parse("2020-02-02T20:20:20.000Z");

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  @Test
  void deletesExpiredRecordsAndKeepsOthers() throws Exception {
    String yaml =
        TestServer.config(
                BACKENDS.backends().elasticsearch(),
                BACKENDS.backends().amqp(),
                BACKENDS.prefix(),
                "retention: {tasks: 1d, documents: 2d}")
            .replace("sweeps: {", "sweeps: {retention: 300ms, ");
    try (TestServer server = new TestServer(yaml);
        DocketWorker worker = worker(server)) {
      worker.start();
      String used = server.document("used", "Text");
      String unused = server.document("unused", "Text");
      String recent = server.document("recent", "Text");
      List<String> tasks =
          List.of(server.task(used, "COUNT", ""), server.task(recent, "COUNT", ""));
      tasks.forEach(task -> await().atMost(TIMEOUT).until(() -> server.state(task) == 200));
      String open = server.task(used, "NOBODY", "");
      String result =
          server.get("/task/" + tasks.get(0) + "/results").body().get(0).path("id").asText();

      backdate("documents", used, "created_at");
      backdate("documents", unused, "created_at");
      backdate("tasks", tasks.get(0), "finished_at");

      await().atMost(TIMEOUT).until(() -> server.get("/task/" + tasks.get(0)).status() == 404);
      await().atMost(TIMEOUT).until(() -> server.get("/result/" + result).status() == 404);
      await().atMost(TIMEOUT).until(() -> server.get("/document/" + unused).status() == 404);
      assertThat(server.get("/document/" + used).status())
          .as("a document with an open task is kept")
          .isEqualTo(200);
      assertThat(server.get("/task/" + open).status()).as("an open task is kept").isEqualTo(200);
      assertThat(server.get("/document/" + recent).status()).isEqualTo(200);
      assertThat(server.get("/task/" + tasks.get(1) + "/results").body()).hasSize(1);

      assertThat(server.delete("/task/" + open).status()).isEqualTo(204);
      await().atMost(TIMEOUT).until(() -> server.get("/document/" + used).status() == 404);
      assertThat(server.get("/document/" + recent).status()).isEqualTo(200);
    }
  }

  private static DocketWorker worker(TestServer server) {
    return DocketWorker.builder()
        .server(server.uri())
        .broker(BACKENDS.backends().amqp().toString())
        .queuePrefix(BACKENDS.prefix())
        .key("COUNT")
        .types(TargetType.TEXT)
        .handler((task, context) -> Outcome.success("done").result(1))
        .build();
  }

  /** Sets the time field of a record to {@link #LONG_AGO}, directly in Elasticsearch. */
  private static void backdate(String index, String id, String field)
      throws IOException, InterruptedException {
    URI record =
        BACKENDS
            .backends()
            .elasticsearch()
            .resolve(
                "/"
                    + BACKENDS.prefix()
                    + index
                    + "/_update/"
                    + id
                    + "?refresh=true&retry_on_conflict=5");
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(record)
                    .header("Content-Type", "application/json")
                    .POST(
                        HttpRequest.BodyPublishers.ofString(
                            "{\"doc\":{\"%s\":\"%s\"}}".formatted(field, LONG_AGO)))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }
}
