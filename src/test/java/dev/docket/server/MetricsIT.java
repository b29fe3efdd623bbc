package dev.docket.server;

import static dev.docket.worker.TargetType.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.metrics.MetricsDocs;
import dev.docket.metrics.PrometheusScrape;
import dev.docket.worker.DocketWorker;
import dev.docket.worker.Outcome;
import dev.docket.worker.TaskHandler;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The metrics on the admin port of a server that executes tasks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MetricsIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private TestServer server;
  private final List<DocketWorker> workers = new ArrayList<>();
  private final CountDownLatch mayFinish = new CountDownLatch(1);
  private String doneTask;

  @BeforeAll
  void createTasksInDifferentStates() throws Exception {
    server = server();
    String document = server.document("figures", "Text");
    worker("COUNT", (task, context) -> Outcome.success("done"));
    worker(
        "LONG",
        (task, context) -> {
          mayFinish.await();
          return Outcome.success("done");
        });
    doneTask = server.task(document, "COUNT", "");
    server.task(document, "LONG", "");
    String unroutable = server.task(document, "UNROUTABLE", "");
    await().atMost(TIMEOUT).until(() -> server.state(doneTask) == 200);
    await().atMost(TIMEOUT).until(() -> server.state(unroutable) == 422);
    assertThat(server.post("/task/" + doneTask + "/cancel", "").status()).isEqualTo(409);
    await()
        .atMost(TIMEOUT)
        .until(
            () ->
                scrape(server).value(open("UNROUTABLE", 422)) != null
                    && scrape(server).names().contains("docket_drift_missing")
                    && scrape(server).value(open("LONG", 102)) != null);
  }

  @AfterAll
  void stop() {
    mayFinish.countDown();
    workers.forEach(DocketWorker::stop);
    if (server != null) {
      server.close();
    }
  }

  private void worker(String key, TaskHandler handler) {
    DocketWorker worker =
        DocketWorker.builder()
            .server(server.uri())
            .broker(BACKENDS.backends().amqp().toString())
            .queuePrefix(BACKENDS.prefix())
            .key(key)
            .types(TEXT)
            .handler(handler)
            .stopLimit(Duration.ofSeconds(5))
            .build();
    worker.start();
    workers.add(worker);
  }

  private static TestServer server() throws Exception {
    String management = BACKENDS.backends().management().orElseThrow().toString();
    return new TestServer(
        TestServer.config(
                BACKENDS.backends().elasticsearch(),
                BACKENDS.backends().amqp(),
                BACKENDS.prefix(),
                "")
            .replace("broker: {", "broker: {management: \"" + management + "\", ")
            .replace("sweeps: {", "sweeps: {census: 5s, "));
  }

  private static String open(String key, int state) {
    return "docket_tasks_open{key=\"" + key + "\",state=\"" + state + "\"}";
  }

  private static HttpResponse<String> read(TestServer target, String accept) {
    HttpRequest.Builder request = HttpRequest.newBuilder(target.admin().resolve("/metrics")).GET();
    if (!accept.isEmpty()) {
      request.header("Accept", accept);
    }
    return target.send(request).raw();
  }

  private static PrometheusScrape scrape(TestServer target) {
    return new PrometheusScrape(read(target, "").body());
  }

  @Test
  void statsContainBackgroundCounts() {
    await()
        .atMost(TIMEOUT)
        .until(
            () -> {
              var stats = server.get("/stats").body();
              return stats.has("ended_at") && stats.path("open").asLong() == 2;
            });
    var stats = server.get("/stats").body();
    assertThat(stats.path("more_keys").asBoolean(true)).isFalse();
    assertThat(stats.has("recounted_at") && stats.has("recent_at") && stats.has("stored_at"))
        .isTrue();
    assertThat(stats.path("keys").findValuesAsText("key")).contains("UNROUTABLE", "LONG");
  }

  @Test
  void startPageSaysWhatIsStuckAndWhy() {
    HttpRequest.Builder browser =
        HttpRequest.newBuilder(server.uri().resolve("/"))
            .header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");

    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(server.send(browser.GET()).raw().body())
                    .contains("UNROUTABLE: 1 task, no queue is bound")
                    .contains("No queue has been bound for Text.UNROUTABLE")
                    .contains("Broker: <span class=\"good\">available"));
    assertThat(server.get("/").body().path("links").path("stats").asText()).isEqualTo("/stats");
  }

  @Test
  void servesTextFormatByDefault() {
    HttpResponse<String> response = read(server, "");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    assertThat(response.body()).contains("# TYPE docket_task_moves_total counter");
  }

  @Test
  void servesOpenMetricsOnRequest() {
    HttpResponse<String> response = read(server, "application/openmetrics-text; version=1.0.0");
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/openmetrics-text; version=1.0.0");
    assertThat(response.body()).contains("docket_task_moves_total{").endsWith("# EOF\n");
  }

  @Test
  void countsEvents() {
    PrometheusScrape scrape = scrape(server);
    assertThat(scrape.value("docket_tasks_submitted_total{key=\"COUNT\"}")).isEqualTo(1);
    for (int state : List.of(201, 102, 200)) {
      assertThat(scrape.value("docket_task_moves_total{key=\"COUNT\",state=\"" + state + "\"}"))
          .isEqualTo(1);
    }
    assertThat(scrape.value("docket_task_run_seconds_count{key=\"COUNT\",state=\"200\"}"))
        .isEqualTo(1);
    assertThat(scrape.value("docket_task_wait_seconds_count{key=\"COUNT\"}")).isEqualTo(1);
    assertThat(scrape.value("docket_task_refusals_total{command=\"cancel\",reason=\"illegal\"}"))
        .isEqualTo(1);
    assertThat(scrape.value(open("UNROUTABLE", 422))).isEqualTo(1);
    assertThat(scrape.value("docket_oldest_waiting_age_seconds{key=\"UNROUTABLE\",state=\"422\"}"))
        .isNotNegative();
    assertThat(scrape.value("docket_oldest_running_age_seconds{key=\"LONG\",state=\"102\"}"))
        .isNotNegative();
    assertThat(scrape.value("docket_bulk_requests_total{outcome=\"answered\"}")).isPositive();
    assertThat(scrape.value("docket_published_total{outcome=\"confirmed\"}")).isPositive();
    assertThat(scrape.value("docket_published_total{outcome=\"unroutable\"}")).isPositive();
    assertThat(scrape.value("docket_up{part=\"elasticsearch\"}")).isEqualTo(1);
    assertThat(scrape.value("docket_up{part=\"broker\"}")).isEqualTo(1);
    assertThat(scrape.value("docket_http_responses_total{status=\"2xx\"}")).isPositive();
    assertThat(scrape.value("docket_http_responses_total{status=\"4xx\"}")).isPositive();
    assertThat(scrape.value("docket_http_request_seconds_count")).isPositive();
    assertThat(scrape.all("docket_sweep_looks_total")).hasSize(40);
  }

  @Test
  void exportsEveryNameAndLabelOfDashboardAndAlerts() {
    assertThat(scrape(server).names()).containsAll(MetricsDocs.queriedNames());
    assertThat(MetricsDocs.labelsNotIn(scrape(server))).isEmpty();
  }

  @Test
  void usesNoIdAsLabel() {
    assertThat(scrape(server).samples())
        .as("sha1, UUIDs and tokens")
        .noneMatch(sample -> sample.contains(doneTask))
        .noneMatch(sample -> sample.matches(".*\"[0-9a-f-]{16,}\".*"));
  }

  @Test
  void countsSeparatelyForEachServerInProcess() throws Exception {
    try (TestServer other = server()) {
      PrometheusScrape scrape = scrape(other);
      assertThat(scrape.all("docket_tasks_submitted_total")).isEmpty();
      await()
          .atMost(TIMEOUT)
          .untilAsserted(
              () -> assertThat(scrape(other).value(open("UNROUTABLE", 422))).isEqualTo(1));
    }
    assertThat(scrape(server).value("docket_tasks_submitted_total{key=\"COUNT\"}")).isEqualTo(1);
  }

  @Test
  void servesOtherPagesOfAdminPort() {
    HttpRequest.Builder ping = HttpRequest.newBuilder(server.admin().resolve("/ping")).GET();
    assertThat(server.send(ping).raw().body().strip()).isEqualTo("pong");
    HttpRequest.Builder health = HttpRequest.newBuilder(server.admin().resolve("/healthcheck"));
    assertThat(server.send(health.GET()).status()).isEqualTo(200);
  }

  @Test
  void theAdminPortHasNoProfiler() {
    HttpRequest.Builder profile = HttpRequest.newBuilder(server.admin().resolve("/pprof")).GET();
    assertThat(server.send(profile).status()).isEqualTo(404);
  }
}
