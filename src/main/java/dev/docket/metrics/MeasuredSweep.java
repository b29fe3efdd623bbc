package dev.docket.metrics;

import dev.docket.maintenance.Sweep;
import io.prometheus.metrics.core.metrics.Counter;

/** Counts the looks of a sweep, done and failed, and the seconds that they took. */
record MeasuredSweep(Sweep sweep, Counter looks, Counter seconds) implements Sweep {

  MeasuredSweep {
    looks.initLabelValues(sweep.name(), "done");
    looks.initLabelValues(sweep.name(), "failed");
    seconds.initLabelValues(sweep.name());
  }

  @Override
  public String name() {
    return sweep.name();
  }

  @Override
  public void run() {
    boolean done = false;
    long begin = System.nanoTime();
    try {
      sweep.run();
      done = true;
    } finally {
      seconds.labelValues(name()).inc((System.nanoTime() - begin) / 1e9);
      looks.labelValues(name(), done ? "done" : "failed").inc();
    }
  }
}
