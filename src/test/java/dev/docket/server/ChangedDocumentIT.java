package dev.docket.server;

import static dev.docket.worker.TargetType.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.http.MergePatch;
import dev.docket.worker.DocketWorker;
import dev.docket.worker.Outcome;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Documents that change while their tasks wait, on real backends. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ChangedDocumentIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private TestServer server;

  @BeforeAll
  void start() throws Exception {
    server =
        new TestServer(
            TestServer.config(
                BACKENDS.backends().elasticsearch(),
                BACKENDS.backends().amqp(),
                BACKENDS.prefix(),
                ""));
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private TestServer.Response patch(String document, String json, String... headers) {
    HttpRequest.Builder request =
        server
            .request("/document/" + document)
            .header("Content-Type", MergePatch.MEDIA_TYPE)
            .method("PATCH", HttpRequest.BodyPublishers.ofString(json));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return server.send(request);
  }

  private static String tag(TestServer.Response response) {
    return response.raw().headers().firstValue("ETag").orElseThrow();
  }

  private int statusOfGet(String document, String knownTag) {
    return server
        .send(server.request("/document/" + document).header("If-None-Match", knownTag).GET())
        .status();
  }

  @Test
  void patchChangesDocumentAndItsTag() {
    String document = server.document("patched", "Text");
    String first = tag(server.get("/document/" + document));

    TestServer.Response changed =
        patch(
            document,
            "{\"target\":{\"url\":\"file:///new\"},\"metadata\":{\"title\":\"The harbour\"}}",
            "If-Match",
            first);

    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.body()).isEqualTo(server.get("/document/" + document).body());
    assertThat(changed.body().at("/target/url").asText()).isEqualTo("file:///new");
    assertThat(changed.body().path("version").asInt()).isEqualTo(2);
    assertThat(statusOfGet(document, first)).isEqualTo(200);
    assertThat(statusOfGet(document, tag(changed))).isEqualTo(304);
    assertThat(patch(document, "{\"metadata\":null}", "If-Match", first).status()).isEqualTo(412);
    assertThat(
            server
                .get("/search/document?fresh=true&metadata.title=The%20harbour")
                .body()
                .path("hits"))
        .hasSize(1);
    assertThat(patch(document, "{\"metadata\":null}").body().has("metadata")).isFalse();
  }

  @Test
  void rejectsInvalidPatchAndChangesNothing() {
    String document = server.document("rejected", "Text");
    JsonNode before = server.get("/document/" + document).body();
    for (String invalid :
        new String[] {
          "{\"target\":{\"type\":\"Video\"}}",
          "{\"creator\":{\"id\":\"other\"}}",
          "{\"target\":{\"url\":null}}",
          "{\"title\":null}",
          "[1]",
          "null",
          "",
          "{\"metadata\":{\"a\":1,\"a\":2}}",
          "{\"metadata\":" + "{\"a\":".repeat(300) + "1" + "}".repeat(301),
        }) {
      TestServer.Response rejected = patch(document, invalid);
      assertThat(rejected.status()).as(invalid).isEqualTo(400);
      assertThat(rejected.text("detail")).as(invalid).isNotEmpty();
    }
    assertThat(server.get("/document/" + document).body()).isEqualTo(before);
    assertThat(patch("nowhere", "{}").status()).isEqualTo(404);
    assertThat(server.delete("/document/" + document).status()).isEqualTo(204);
    assertThat(patch(document, "{}").status()).isEqualTo(404);
  }

  @Test
  void claimCarriesChangedDocumentAndTaskRecordsItsVersion() {
    String document = server.document("claimed", "Text");
    String task = server.task(document, "UNBOUND", "");
    patch(document, "{\"target\":{\"url\":\"file:///new\"}}");

    TestServer.Response claimed = server.post("/task/" + task + "/claim", "{\"worker\":\"me\"}");

    assertThat(claimed.body().at("/document/target/url").asText()).isEqualTo("file:///new");
    patch(document, "{\"target\":{\"url\":\"file:///newer\"}}");
    JsonNode copy = server.get("/task/" + task).body().path("document");
    assertThat(copy.path("version").asInt()).isEqualTo(2);
    assertThat(copy.at("/target/url").asText()).isEqualTo("file:///new");
    assertThat(copy.path("created_at"))
        .isEqualTo(server.get("/document/" + document).body().path("created_at"));
  }

  @Test
  void workerReceivesDocumentThatChangedWhileItsMessageWasQueued() throws Exception {
    Map<String, String> urls = new ConcurrentHashMap<>();
    CountDownLatch mayFinish = new CountDownLatch(1);
    DocketWorker worker =
        DocketWorker.builder()
            .server(server.uri())
            .broker(BACKENDS.backends().amqp().toString())
            .queuePrefix(BACKENDS.prefix())
            .key("READ")
            .types(TEXT)
            .concurrency(1)
            .handler(
                (task, context) -> {
                  urls.put(task.id(), task.document().target().url());
                  mayFinish.await();
                  return Outcome.success("read");
                })
            .stopLimit(Duration.ofSeconds(5))
            .build();
    worker.start();
    try {
      String first = server.task(server.document("first", "Text"), "READ", "");
      await().atMost(TIMEOUT).until(() -> urls.containsKey(first));
      String document = server.document("second", "Text");
      String second = server.task(document, "READ", "");
      await().atMost(TIMEOUT).until(() -> server.state(second) == 202);

      patch(document, "{\"target\":{\"url\":\"file:///new\"}}");
      mayFinish.countDown();

      await().atMost(TIMEOUT).until(() -> server.state(second) == 200);
      assertThat(urls).containsEntry(second, "file:///new");
    } finally {
      mayFinish.countDown();
      worker.stop();
    }
  }
}
