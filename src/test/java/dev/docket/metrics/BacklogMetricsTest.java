package dev.docket.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.counts.BacklogSweep;
import dev.docket.counts.LatestCounts;
import dev.docket.maintenance.Sweep;
import dev.docket.store.StoreUnavailable;
import dev.docket.task.TaskId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class BacklogMetricsTest {

  private final MetricsFixture fixture = new MetricsFixture();
  private Optional<String> healthError = Optional.empty();
  private boolean unavailable;
  private boolean brokerUp = true;

  private final LatestCounts latest = new LatestCounts();
  private final Clock clock = new FixtureClock();
  private final Sweep sweep =
      new BacklogSweep(
          fixture.store,
          () -> {
            if (unavailable) {
              throw new StoreUnavailable("unavailable");
            }
            return healthError;
          },
          latest,
          fixture.metrics.backlog(clock),
          clock);

  @BeforeEach
  void watch() {
    fixture.metrics.watch(() -> 0, () -> 0, () -> brokerUp, () -> true);
  }

  private final class FixtureClock extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return fixture.now;
    }
  }

  private Map<String, Double> all(String name) {
    return fixture.scrape().all(name);
  }

  @Test
  void reportsOpenTasksAndAgeOfOldestAsOfLastRun() {
    TaskId running = fixture.create("ASR");
    fixture.after(Duration.ofSeconds(5)).claim(running);
    fixture.create("ASR");
    fixture.unroutable(fixture.create("OCR"));
    sweep.run();
    fixture.after(Duration.ofSeconds(10));
    fixture.create("ASR");

    assertThat(all("docket_tasks_open"))
        .isEqualTo(
            Map.of(
                "{key=\"ASR\",state=\"102\"}", 1.0,
                "{key=\"ASR\",state=\"201\"}", 1.0,
                "{key=\"OCR\",state=\"422\"}", 1.0));
    assertThat(all("docket_oldest_waiting_age_seconds"))
        .as("the age grows between runs")
        .isEqualTo(
            Map.of("{key=\"ASR\",state=\"201\"}", 10.0, "{key=\"OCR\",state=\"422\"}", 10.0));
    assertThat(all("docket_oldest_running_age_seconds"))
        .isEqualTo(Map.of("{key=\"ASR\",state=\"102\"}", 10.0));
  }

  @Test
  void keepsLatestCountsWhileStoreIsUnavailable() {
    fixture.create("ASR");
    sweep.run();
    LatestCounts.Open counted = latest.open();
    assertThat(counted.at()).isEqualTo(fixture.now);
    assertThat(counted.tasks()).singleElement().satisfies(b -> assertThat(b.count()).isEqualTo(1));

    fixture.after(Duration.ofMinutes(1));
    unavailable = true;
    assertThatThrownBy(sweep::run).isInstanceOf(StoreUnavailable.class);
    assertThat(latest.open()).isEqualTo(counted);
  }

  @Test
  void removesKeysWithoutOpenTasks() {
    TaskId id = fixture.create("ASR");
    fixture.claim(id);
    sweep.run();
    assertThat(all("docket_tasks_open")).hasSize(1);
    fixture.complete(id);
    sweep.run();
    assertThat(all("docket_tasks_open")).isEmpty();
    assertThat(all("docket_oldest_running_age_seconds")).isEmpty();
  }

  @Test
  void delayedTasksCountButHaveNoWaitingAge() {
    TaskId id = fixture.create("ASR");
    fixture.claim(id);
    fixture.fail(id, dev.docket.task.TaskState.ERROR_PROXY);
    sweep.run();
    assertThat(all("docket_tasks_open")).isEqualTo(Map.of("{key=\"ASR\",state=\"201\"}", 1.0));
    assertThat(all("docket_tasks_delayed")).isEqualTo(Map.of("{key=\"ASR\",state=\"201\"}", 1.0));
    assertThat(all("docket_oldest_waiting_age_seconds")).isEmpty();
  }

  @Test
  void sumsKeysThatShareLabelAndReportsOldest() {
    for (int i = 0; i < KeyLabels.MAX_KEYS; i++) {
      fixture.create("K" + i);
    }
    fixture.create("LATE");
    fixture.after(Duration.ofSeconds(5)).create("LATER");
    sweep.run();
    assertThat(all("docket_tasks_open"))
        .hasSize(KeyLabels.MAX_KEYS + 1)
        .containsEntry("{key=\"_other\",state=\"201\"}", 2.0);
    assertThat(all("docket_oldest_waiting_age_seconds"))
        .containsEntry("{key=\"_other\",state=\"201\"}", 5.0);
  }

  @Test
  void reportsNoValuesWhileStoreIsUnavailable() {
    fixture.create("ASR");
    assertThat(all("docket_up")).as("not known yet").containsOnlyKeys("{part=\"broker\"}");
    sweep.run();
    assertThat(all("docket_up"))
        .isEqualTo(Map.of("{part=\"broker\"}", 1.0, "{part=\"elasticsearch\"}", 1.0));

    unavailable = true;
    brokerUp = false;
    assertThatThrownBy(sweep::run).isInstanceOf(StoreUnavailable.class);
    assertThat(all("docket_tasks_open")).isEmpty();
    assertThat(all("docket_up"))
        .isEqualTo(Map.of("{part=\"broker\"}", 0.0, "{part=\"elasticsearch\"}", 0.0));

    unavailable = false;
    healthError = Optional.of("red");
    sweep.run();
    assertThat(all("docket_up")).containsEntry("{part=\"elasticsearch\"}", 0.0);
    assertThat(all("docket_tasks_open")).hasSize(1);
  }
}
