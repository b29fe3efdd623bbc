package dev.docket.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.broker.ReplyHandler;
import dev.docket.broker.TaskPublisher;
import dev.docket.counts.BacklogSweep;
import dev.docket.counts.LatestCounts;
import dev.docket.elastic.client.BulkListener;
import dev.docket.maintenance.Sweep;
import dev.docket.task.KeyLimits;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.machine.Command;
import dev.docket.workers.Occupancy;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Compares dashboard, alerts and documentation with the exposed metrics. */
final class MetricsDocsTest {

  private final MetricsFixture fixture = new MetricsFixture();

  /** Updates every metric at least once. */
  private PrometheusScrape scrapeWithAllMetrics() {
    fixture.dropwizard.timer("any.Handler.requests").update(Duration.ofMillis(5));
    fixture.metrics.watch(() -> 3, () -> 2, () -> true, () -> true);
    fixture.metrics.watchEvents(() -> 5, () -> 6, () -> 7);
    fixture.metrics.watchLogs(() -> 8);
    Sweep backlog =
        fixture.metrics.instrument(
            new BacklogSweep(
                fixture.store,
                Optional::empty,
                new LatestCounts(),
                fixture.metrics.backlog(Clock.systemUTC()),
                Clock.systemUTC()),
            Duration.ofSeconds(15));
    var unused =
        fixture.metrics.instrumentOnLeader(new NoSweep(), Duration.ofSeconds(2), () -> false);
    fixture.metrics.drift(DriftSamples::withOneKey);
    fixture.metrics.limits(
        () -> Set.of(new TaskKey("ASR")), key -> new KeyLimits(KeyLimits.Hold.PAUSED, 3, null));
    fixture.metrics.workers(() -> Map.of(new TaskKey("ASR"), new Occupancy(2, 8, 5, null)));
    TaskId completed = fixture.create("ASR");
    fixture.confirm(completed);
    fixture.claim(completed);
    fixture.complete(completed);
    fixture.execute(completed, new Command.Cancel("ann"));
    fixture.create("OCR");
    fixture.claim(fixture.create("FIXITY"));
    backlog.run();
    fixture.metrics.bulkListener().ended(3, 100, 5_000_000, BulkListener.Outcome.ANSWERED);
    ReplyHandler handler =
        (id, body) -> CompletableFuture.completedStage(ReplyHandler.AckDecision.ACKNOWLEDGE);
    fixture.metrics.instrument(handler).handle("x", new byte[0]).toCompletableFuture().join();
    fixture
        .metrics
        .instrument(new ConfirmingPublisher())
        .publish(fixture.task(completed))
        .toCompletableFuture()
        .join();
    return fixture.scrape();
  }

  private static final class NoSweep implements Sweep {
    @Override
    public String name() {
      return "overdue";
    }

    @Override
    public void run() {}
  }

  private static final class ConfirmingPublisher implements TaskPublisher {
    @Override
    public CompletionStage<PublishOutcome> publish(Task task) {
      return CompletableFuture.completedStage(PublishOutcome.CONFIRMED);
    }

    @Override
    public boolean ready() {
      return true;
    }
  }

  @Test
  void exposesValuesOfInstrumentedComponents() {
    PrometheusScrape scrape = scrapeWithAllMetrics();
    assertThat(scrape.value("docket_answers_total{fate=\"done\"}")).isEqualTo(1);
    assertThat(scrape.value("docket_answers_total{fate=\"not_now\"}")).isZero();
    assertThat(scrape.value("docket_published_total{outcome=\"confirmed\"}")).isEqualTo(1);
    assertThat(scrape.value("docket_published_total{outcome=\"unroutable\"}")).isZero();
    assertThat(scrape.value("docket_sweep_looks_total{outcome=\"done\",sweep=\"backlog\"}"))
        .isEqualTo(1);
    assertThat(scrape.value("docket_bulk_requests_total{outcome=\"answered\"}")).isEqualTo(1);
    assertThat(scrape.value("docket_bulk_items_sum")).isEqualTo(3);
    assertThat(scrape.value("docket_bulk_seconds_sum")).isEqualTo(0.005);
    assertThat(scrape.value("docket_bulk_bytes_total")).isEqualTo(100);
    assertThat(scrape.value("docket_publisher_in_flight")).isEqualTo(3);
    assertThat(scrape.value("docket_bulk_waiting")).isEqualTo(2);
    assertThat(scrape.value("docket_events_dropped_total{at=\"broker\"}")).isEqualTo(5);
    assertThat(scrape.value("docket_events_dropped_total{at=\"reader\"}")).isEqualTo(6);
    assertThat(scrape.value("docket_event_streams")).isEqualTo(7);
    assertThat(scrape.value("docket_build_info{version=\"1.2.3\"}")).isEqualTo(1);
    assertThat(scrape.value("docket_http_request_seconds{quantile=\"0.5\"}")).isEqualTo(0.005);
  }

  @Test
  void exposesTheSlotsOfWorkers() {
    PrometheusScrape scrape = scrapeWithAllMetrics();
    assertThat(scrape.value("docket_workers{key=\"ASR\"}")).isEqualTo(2);
    assertThat(scrape.value("docket_worker_slots{key=\"ASR\"}")).isEqualTo(8);
    assertThat(scrape.value("docket_worker_slots_taken{key=\"ASR\"}")).isEqualTo(5);
  }

  @Test
  void exposesEveryNameInDashboardAndAlerts() {
    assertThat(MetricsDocs.queriedNames()).hasSizeGreaterThan(20);
    assertThat(scrapeWithAllMetrics().names()).containsAll(MetricsDocs.queriedNames());
  }

  @Test
  void exposesEveryLabelInDashboardAndAlerts() {
    assertThat(MetricsDocs.labelsNotIn(scrapeWithAllMetrics())).isEmpty();
  }

  @Test
  void documentsExactlyTheExposedMetrics() {
    Set<String> exposed = new TreeSet<>();
    for (String name : scrapeWithAllMetrics().names()) {
      if (name.startsWith("docket_")) {
        exposed.add(name.replaceFirst("_(bucket|sum|count)$", ""));
      }
    }
    Set<String> documented = MetricsDocs.documentedNames();
    documented.removeIf(name -> !name.startsWith("docket_"));
    assertThat(documented).isEqualTo(exposed);
  }

  @Test
  void everyAlertIsComplete() {
    JsonNode groups = MetricsDocs.alerts().path("groups");
    assertThat(groups).isNotEmpty();
    Set<String> names = new HashSet<>();
    for (JsonNode group : groups) {
      assertThat(group.path("name").asText()).isNotEmpty();
      assertThat(group.path("rules")).isNotEmpty();
      for (JsonNode rule : group.path("rules")) {
        if (rule.has("record")) {
          assertThat(rule.path("record").asText()).matches("docket:[a-z0-9_]+:[a-z0-9_]+");
          continue;
        }
        String name = rule.path("alert").asText();
        assertThat(name).startsWith("Docket");
        assertThat(names.add(name)).as("%s is unique", name).isTrue();
        String query = rule.path("expr").asText();
        assertThat(query).as(name).isNotEmpty();
        assertThat(query.chars().filter(c -> c == '(').count())
            .as("parentheses of %s", name)
            .isEqualTo(query.chars().filter(c -> c == ')').count());
        if (rule.has("for")) {
          assertThat(rule.path("for").asText()).as(name).matches("\\d+[smh]");
        }
        assertThat(rule.path("labels").path("severity").asText())
            .as(name)
            .isIn("warning", "critical");
        assertThat(rule.path("annotations").path("summary").asText()).as(name).isNotEmpty();
        assertThat(rule.path("annotations").path("description").asText()).as(name).isNotEmpty();
      }
    }
  }

  @Test
  void dashboardIsImportable() {
    JsonNode dashboard = MetricsDocs.dashboard();
    assertThat(dashboard.path("title").asText()).isEqualTo("Docket");
    assertThat(dashboard.path("schemaVersion").asInt()).isPositive();
    JsonNode input = dashboard.path("__inputs").path(0);
    assertThat(input.path("name").asText()).isEqualTo("DS_PROMETHEUS");
    assertThat(input.path("type").asText()).isEqualTo("datasource");
    Set<Integer> ids = new HashSet<>();
    Set<String> cells = new HashSet<>();
    for (JsonNode panel : dashboard.path("panels")) {
      String title = panel.path("title").asText();
      assertThat(ids.add(panel.path("id").asInt())).as("the id of %s", title).isTrue();
      JsonNode position = panel.path("gridPos");
      for (int x = 0; x < position.path("w").asInt(); x++) {
        for (int y = 0; y < position.path("h").asInt(); y++) {
          String cell = position.path("x").asInt() + x + "," + (position.path("y").asInt() + y);
          assertThat(cells.add(cell)).as("%s overlaps no other panel", title).isTrue();
        }
      }
      assertThat(position.path("x").asInt() + position.path("w").asInt()).isLessThanOrEqualTo(24);
      if (!panel.path("type").asText().equals("row")) {
        assertThat(panel.path("datasource").path("uid").asText())
            .as(title)
            .isEqualTo("${DS_PROMETHEUS}");
        assertThat(panel.path("targets")).as(title).isNotEmpty();
      }
    }
  }
}
