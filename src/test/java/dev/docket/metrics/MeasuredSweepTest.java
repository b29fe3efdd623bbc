package dev.docket.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.maintenance.Sweep;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The age of a sweep's last complete run. */
final class MeasuredSweepTest {

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicBoolean leader = new AtomicBoolean();
  private boolean fails;

  private MeasuredSweep sweep(MeasuredSweep.Runs runs) {
    return new MeasuredSweep(
        new FailingSweep(),
        new SweepMetrics(new PrometheusRegistry()),
        Duration.ofSeconds(10),
        runs,
        leader::get,
        nanos::get);
  }

  private final class FailingSweep implements Sweep {
    @Override
    public String name() {
      return "overdue";
    }

    @Override
    public void run() {
      if (fails) {
        throw new IllegalStateException("no search");
      }
    }
  }

  private void pass(int seconds) {
    nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  @Test
  void ageCountsFromStartUntilFirstCompleteRun() {
    MeasuredSweep sweep = sweep(MeasuredSweep.Runs.ON_EVERY_SERVER);
    pass(30);
    assertThat(sweep.ageSeconds()).isEqualTo(30);

    sweep.run();
    assertThat(sweep.ageSeconds()).isZero();
  }

  @Test
  void failedRunDoesNotEndTheAge() {
    MeasuredSweep sweep = sweep(MeasuredSweep.Runs.ON_EVERY_SERVER);
    sweep.run();
    fails = true;
    pass(30);

    assertThatThrownBy(sweep::run).hasMessage("no search");

    assertThat(sweep.ageSeconds()).isEqualTo(30);
  }

  @Test
  void ageGrowsOnStandby() {
    MeasuredSweep sweep = sweep(MeasuredSweep.Runs.ON_LEADER);
    for (int i = 0; i < 3; i++) {
      pass(10);
      sweep.skip();
    }

    assertThat(sweep.ageSeconds()).isEqualTo(30);
  }

  @Test
  void newLeaderIsNotLateWithWhatItLeftToThePreviousOne() {
    MeasuredSweep sweep = sweep(MeasuredSweep.Runs.ON_LEADER);
    pass(3_600);
    sweep.skip();
    pass(5);
    leader.set(true);
    assertThat(sweep.ageSeconds()).isEqualTo(5);

    fails = true;
    pass(600);
    assertThatThrownBy(sweep::run).hasMessage("no search");
    assertThat(sweep.ageSeconds()).isEqualTo(605);

    fails = false;
    sweep.run();
    assertThat(sweep.ageSeconds()).isZero();
  }
}
