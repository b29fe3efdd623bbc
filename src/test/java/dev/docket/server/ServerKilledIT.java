package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.worker.DocketWorker;
import dev.docket.worker.Outcome;
import dev.docket.worker.TargetType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A server process that is killed while it works, or started without a backend. */
final class ServerKilledIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final int DOCUMENTS = 150;

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.rabbit();

  @TempDir Path directory;

  @Test
  void acceptedTasksEndAlthoughServerIsKilled() throws Exception {
    AtomicInteger handled = new AtomicInteger();
    try (ServerProcess server = new ServerProcess(directory, environment("killed"));
        DocketWorker worker =
            DocketWorker.builder()
                .server(server.uri())
                .broker(BACKENDS.backends().amqp().toString())
                .queuePrefix(prefix("killed"))
                .key("A")
                .types(TargetType.TEXT)
                .concurrency(4)
                .handler("A", (task, context) -> handle(handled))
                .handler("B", (task, context) -> handle(handled))
                .build()) {
      server.start();
      await().atMost(TIMEOUT).until(() -> server.respondsWith("/ready", 200));
      worker.start();
      List<String> accepted = new ArrayList<>();
      String documents = documents(server);
      accepted.addAll(
          assign(
              server, "{\"document_id\":" + documents + ",\"key\":\"B\",\"depends_on\":[\"A\"]}"));
      assertThat(accepted).hasSize(DOCUMENTS);
      await().atMost(TIMEOUT).until(() -> handled.get() > DOCUMENTS / 3);

      server.kill();
      server.start();
      await().atMost(TIMEOUT).until(() -> server.respondsWith("/ready", 200));

      await("all tasks have succeeded, including the created dependencies")
          .atMost(TIMEOUT)
          .untilAsserted(
              () -> assertThat(states(server)).containsOnly(Map.entry(200, 2 * DOCUMENTS)));
      for (String task : accepted) {
        JsonNode results = JSON.readTree(server.get("/task/" + task + "/results").body());
        assertThat(results).as("results of %s", task).hasSize(1);
      }
    }
  }

  @Test
  void exitsWithMessageWithoutElasticsearch() throws Exception {
    Map<String, String> environment = environment("nowhere");
    environment = new java.util.HashMap<>(environment);
    environment.put("DOCKET_ELASTICSEARCH_URL", "http://127.0.0.1:9");
    environment.put("DOCKET_ELASTICSEARCH_PATIENCE", "2s");
    try (ServerProcess server = new ServerProcess(directory, environment)) {
      server.start();

      assertThat(server.awaitExit(180)).isPositive();

      assertThat(server.logText())
          .contains("Waiting up to PT2S for Elasticsearch at http://127.0.0.1:9")
          .contains("docket-server failed to start: Elasticsearch at http://127.0.0.1:9")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void exitsWithMessageAfterServerOfNewerRelease() throws Exception {
    String prefix = prefix("newer") + "-";
    FormerRecords records = new FormerRecords(BACKENDS.backends().elasticsearch(), prefix);
    records.createIndex("reconciler", FormerRecords.template("reconciler"));
    records.store(
        "reconciler",
        "leader",
        "{\"host\":\"h\",\"since\":\"2026-11-29T10:00:00.000Z\",\"stamp\":1,\"repairs\":{},"
            + "\"format\":9}");
    try (ServerProcess server = new ServerProcess(directory, environment("newer"))) {
      server.start();

      assertThat(server.awaitExit(180)).isPositive();

      assertThat(server.logText())
          .contains("docket-server failed to start: the records have format 9, but this server")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void acceptsTasksButIsNotReadyWithoutBroker() throws Exception {
    Map<String, String> environment = new java.util.HashMap<>(environment("brokerless"));
    environment.put("DOCKET_BROKER_URI", "amqp://guest:guest@127.0.0.1:9");
    try (ServerProcess server = new ServerProcess(directory, environment)) {
      server.start();
      await().atMost(TIMEOUT).until(() -> server.respondsWith("/ready", 500));
      assertThat(server.get("/ready").body())
          .contains("\"database\":\"200 OK\"")
          .contains("\"messagequeue\":\"500 ");

      JsonNode document =
          JSON.readTree(
              server
                  .post(
                      "/document",
                      """
                      {"target":{"id":"x","url":"file:///x","type":"Text"},
                       "creator":{"id":"y","type":"Human"}}
                      """)
                  .body());
      var created =
          server.post(
              "/task", "{\"document_id\":\"" + document.path("id").asText() + "\",\"key\":\"A\"}");
      assertThat(created.statusCode()).isEqualTo(201);
      assertThat(JSON.readTree(created.body()).path("state").asInt()).isEqualTo(201);
      assertThat(server.logText()).contains("127.0.0.1:9").doesNotContain("guest:guest");
    }
  }

  private static Outcome handle(AtomicInteger handled) {
    handled.incrementAndGet();
    return Outcome.success("done").result(Map.of("ok", true));
  }

  private static String documents(ServerProcess server) throws Exception {
    List<String> items = new ArrayList<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      items.add(
          "{\"target\":{\"id\":\"d"
              + i
              + "\",\"url\":\"file:///d\",\"type\":\"Text\"},"
              + "\"creator\":{\"id\":\"a\",\"type\":\"Human\"}}");
    }
    JsonNode created = JSON.readTree(server.post("/documents", items.toString()).body());
    return JSON.writeValueAsString(
        created.path("success").findValuesAsText("id").stream()
            .filter(id -> id.length() == 40)
            .toList());
  }

  private static List<String> assign(ServerProcess server, String body) throws Exception {
    JsonNode created = JSON.readTree(server.post("/task", body).body());
    assertThat(created.path("failed")).isEmpty();
    List<String> ids = new ArrayList<>();
    created.path("success").forEach(task -> ids.add(task.path("id").asText()));
    return ids;
  }

  private static Map<Integer, Integer> states(ServerProcess server) throws Exception {
    JsonNode facets =
        JSON.readTree(server.get("/search/task?facets=state&size=1&fresh=true").body())
            .path("facets")
            .path("state");
    Map<Integer, Integer> states = new java.util.TreeMap<>();
    facets.forEach(facet -> states.put(facet.path("value").asInt(), facet.path("count").asInt()));
    return states;
  }

  private static String prefix(String test) {
    return BACKENDS.prefix() + test;
  }

  private static Map<String, String> environment(String test) {
    return Map.of(
        "DOCKET_ELASTICSEARCH_URL",
        BACKENDS.backends().elasticsearch().toString(),
        "DOCKET_BROKER_URI",
        BACKENDS.backends().amqp().toString(),
        "DOCKET_INDEX_PREFIX",
        prefix(test) + "-",
        "DOCKET_BROKER_PREFIX",
        prefix(test),
        "DOCKET_LEASE",
        "5s",
        "DOCKET_BACKOFF",
        "1s");
  }
}
