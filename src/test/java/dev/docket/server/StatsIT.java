package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.metrics.PrometheusScrape;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two servers count tasks that end, run again and are deleted. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class StatsIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final String KEY = "COUNTED";

  private TwoServers servers;

  @BeforeAll
  void start() throws Exception {
    servers =
        TwoServers.start(
            TestServer.config(
                    BACKENDS.backends().elasticsearch(),
                    BACKENDS.backends().amqp(),
                    BACKENDS.prefix(),
                    "")
                .replace("sweeps: {", "sweeps: {counts: 1s, "));
  }

  @AfterAll
  void stop() {
    if (servers != null) {
      servers.close();
    }
  }

  private static void end(TestServer server, String task) {
    JsonNode run = server.post("/task/" + task + "/claim", "{\"worker\":\"me\"}").body();
    String report =
        "{\"worker\":\"me\",\"attempt\":%d,\"run\":\"%s\",\"claim_id\":\"%s\",\"state\":404}"
            .formatted(
                run.path("attempt").asInt(),
                run.path("run").asText(),
                run.path("claim_id").asText());
    assertThat(server.post("/task/" + task + "/complete", report).status()).isEqualTo(200);
  }

  private static void run(TestServer server, String path) {
    assertThat(server.post(path, "").status()).isEqualTo(200);
  }

  /** The numbers of open and ended tasks of the key, by state. */
  private static Map<String, Long> stats(TestServer server) {
    Map<String, Long> counts = new TreeMap<>();
    for (JsonNode key : server.get("/stats").body().path("keys")) {
      if (key.path("key").asText().equals(KEY)) {
        for (String part : List.of("open", "ended")) {
          key.path(part)
              .properties()
              .forEach(e -> counts.merge(e.getKey(), e.getValue().asLong(), Long::sum));
        }
      }
    }
    return counts;
  }

  private static Map<String, Long> list(TestServer server, List<String> tasks) {
    Map<String, Long> counts = new TreeMap<>();
    for (String task : tasks) {
      TestServer.Response found = server.get("/task/" + task);
      if (found.status() == 200) {
        counts.merge(found.body().path("state").asText(), 1L, Long::sum);
      }
    }
    return counts;
  }

  private static Long openMetric(TestServer server) {
    PrometheusScrape scrape =
        new PrometheusScrape(
            server
                .send(HttpRequest.newBuilder(server.admin().resolve("/metrics")).GET())
                .raw()
                .body());
    Double value = scrape.value("docket_tasks_open{key=\"" + KEY + "\",state=\"422\"}");
    return value == null ? null : value.longValue();
  }

  private void awaitStatsLikeList(List<String> tasks) {
    for (TestServer server : servers.both()) {
      await()
          .atMost(TIMEOUT)
          .untilAsserted(
              () -> {
                Map<String, Long> list = list(server, tasks);
                assertThat(stats(server)).isEqualTo(list);
                assertThat(openMetric(server)).isEqualTo(list.get("422"));
              });
    }
  }

  @Test
  void countsAgreeWithListAfterRetryResetAndDeletion() {
    TestServer one = servers.a();
    TestServer two = servers.b();
    List<String> tasks = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      String task = one.task(one.document("stats " + i, "Text"), KEY, "");
      await().atMost(TIMEOUT).until(() -> one.state(task) == 422);
      end(one, task);
      tasks.add(task);
    }
    awaitStatsLikeList(tasks);
    List<String> recounted = recountedAt();

    run(one, "/task/" + tasks.get(0) + "/retry");
    run(two, "/task/" + tasks.get(1) + "/reset");
    assertThat(two.delete("/task/" + tasks.get(2)).status() / 100).isEqualTo(2);
    for (int i = 0; i < 2; i++) {
      run(one, "/task/" + tasks.get(3) + "/retry");
      end(two, tasks.get(3));
    }
    run(two, "/task/" + tasks.get(4) + "/retry");
    end(one, tasks.get(4));
    run(one, "/task/" + tasks.get(4) + "/forceretry");
    await().atMost(TIMEOUT).until(() -> list(one, tasks).equals(Map.of("404", 2L, "422", 3L)));

    awaitStatsLikeList(tasks);
    assertThat(recountedAt()).as("no full count").isEqualTo(recounted);
    HttpRequest.Builder page =
        HttpRequest.newBuilder(one.uri().resolve("/")).header("Accept", "text/html").GET();
    assertThat(one.send(page).raw().body()).contains(KEY + ": 3 tasks, no queue is bound");
  }

  private List<String> recountedAt() {
    return servers.both().stream()
        .map(server -> server.get("/stats").text("recounted_at"))
        .toList();
  }
}
