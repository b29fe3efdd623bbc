package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.chaos.CutProxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the server says if Elasticsearch or the broker accepts connections and answers nothing. */
final class SilentBackendIT {

  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  @Test
  void namesElasticsearchThatDoesNotAnswer() throws Exception {
    URI elasticsearch = BACKENDS.backends().elasticsearch();
    try (CutProxy proxy = new CutProxy("elasticsearch", List.of(elasticsearch.getPort()));
        TestServer server =
            new TestServer(
                TestServer.config(
                        URI.create("http://127.0.0.1:" + proxy.port()),
                        BACKENDS.backends().amqp(),
                        BACKENDS.prefix() + "es",
                        "")
                    .replace("elasticsearch: {", "elasticsearch: {requestTimeout: 1s, "))) {
      String document = server.document("silent", "Video");
      proxy.setMode(CutProxy.Mode.BLOCKED);
      for (String path : List.of("/document/" + document, "/workers/ASR", "/search/task")) {
        TestServer.Response response = server.get(path);
        assertThat(response.status()).as(path).isEqualTo(503);
        assertThat(response.text("detail"))
            .as(path)
            .containsPattern(
                "Elasticsearch (did not answer within 1 s \\(elasticsearch.requestTimeout\\)"
                    + "|accepts connections, but has not answered for \\d+ m?s)");
      }
      TestServer.Response submitted =
          server.post("/task", "{\"document_id\":\"" + document + "\",\"key\":\"ASR\"}");
      assertThat(submitted.status()).isEqualTo(503);
      assertThat(submitted.text("detail")).contains("Elasticsearch");
      assertThat(server.get("/ready").text("database")).startsWith("500 Elasticsearch");
      proxy.setMode(CutProxy.Mode.OPEN);
      await()
          .atMost(TIMEOUT)
          .until(
              () ->
                  server
                          .post("/task", "{\"document_id\":\"" + document + "\",\"key\":\"ASR\"}")
                          .status()
                      == 201);
      await().atMost(TIMEOUT).until(() -> server.get("/ready").status() == 200);
    }
  }

  @Test
  void namesBrokerThatConfirmsNothing() throws Exception {
    URI broker = BACKENDS.backends().amqp();
    try (CutProxy proxy = new CutProxy("broker", List.of(broker.getPort()));
        TestServer server =
            new TestServer(
                TestServer.config(
                    BACKENDS.backends().elasticsearch(),
                    URI.create(
                        broker.toString().replace(":" + broker.getPort(), ":" + proxy.port())),
                    BACKENDS.prefix() + "mq",
                    ""))) {
      await().atMost(TIMEOUT).until(() -> server.get("/ready").status() == 200);
      proxy.setMode(CutProxy.Mode.BLOCKED);
      server.task(server.document("unconfirmed", "Video"), "ASR", "");
      await()
          .atMost(TIMEOUT)
          .until(
              () ->
                  server
                      .get("/ready")
                      .text("messagequeue")
                      .contains("it has not confirmed a message for"));
      proxy.setMode(CutProxy.Mode.OPEN);
      await().atMost(TIMEOUT).until(() -> server.get("/ready").status() == 200);
    }
  }
}
