package dev.docket.metrics;

import dev.docket.maintenance.Sweep;
import io.prometheus.metrics.core.metrics.Counter;

/** Counts the runs of a sweep by outcome, and the time that they took. */
record MeasuredSweep(Sweep sweep, Counter runs, Counter seconds) implements Sweep {

  MeasuredSweep {
    runs.initLabelValues(sweep.name(), "done");
    runs.initLabelValues(sweep.name(), "failed");
    seconds.initLabelValues(sweep.name());
  }

  @Override
  public String name() {
    return sweep.name();
  }

  @Override
  public void run() {
    boolean done = false;
    long start = System.nanoTime();
    try {
      sweep.run();
      done = true;
    } finally {
      seconds.labelValues(name()).inc((System.nanoTime() - start) / 1e9);
      runs.labelValues(name(), done ? "done" : "failed").inc();
    }
  }
}
