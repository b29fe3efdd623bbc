package dev.docket.metrics;

import dev.docket.maintenance.Sweep;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Measures a sweep: its runs by outcome, the time that they took, and the age of the last complete
 * one. One thread runs it; any thread may read its age.
 */
final class MeasuredSweep implements Sweep {

  private final Sweep sweep;
  private final SweepMetrics metrics;
  private final Duration interval;
  private final Runs runs;
  private final BooleanSupplier isLeader;
  private final LongSupplier nanoTime;

  /** When a run was complete; at first, when the server started. */
  private volatile long completed;

  /** When this server last left the sweep to the leader. */
  private volatile long skipped;

  /** Where a sweep runs. */
  enum Runs {
    ON_EVERY_SERVER("every_server"),
    ON_LEADER("leader");

    private final String label;

    Runs(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  MeasuredSweep(
      Sweep sweep,
      SweepMetrics metrics,
      Duration interval,
      Runs runs,
      BooleanSupplier isLeader,
      LongSupplier nanoTime) {
    this.sweep = sweep;
    this.metrics = metrics;
    this.interval = interval;
    this.runs = runs;
    this.isLeader = isLeader;
    this.nanoTime = nanoTime;
    completed = nanoTime.getAsLong();
    skipped = completed;
  }

  @Override
  public String name() {
    return sweep.name();
  }

  @Override
  public void run() {
    boolean done = false;
    long start = nanoTime.getAsLong();
    try {
      sweep.run();
      done = true;
    } finally {
      long end = nanoTime.getAsLong();
      if (done) {
        completed = end;
      }
      metrics.ended(name(), done, end - start);
    }
  }

  @Override
  public void skip() {
    skipped = nanoTime.getAsLong();
    sweep.skip();
  }

  Runs runs() {
    return runs;
  }

  double intervalSeconds() {
    return interval.toNanos() / 1e9;
  }

  /**
   * The time since the last complete run, or since the server started without one. A new leader is
   * not late with what it did not have to do before: there, also since it left the sweep to the
   * previous leader.
   */
  double ageSeconds() {
    long now = nanoTime.getAsLong();
    long age = now - completed;
    if (runs == Runs.ON_LEADER && isLeader.getAsBoolean()) {
      age = Math.min(age, now - skipped);
    }
    return Math.max(0, age) / 1e9;
  }
}
