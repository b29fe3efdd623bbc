package dev.docket.metrics;

import dev.docket.dispatch.Sweep;
import io.prometheus.metrics.core.metrics.Counter;

/** Counts the looks of a sweep, done and failed. */
record CountedSweep(Sweep sweep, Counter looks) implements Sweep {

  CountedSweep {
    looks.initLabelValues(sweep.name(), "done");
    looks.initLabelValues(sweep.name(), "failed");
  }

  @Override
  public String name() {
    return sweep.name();
  }

  @Override
  public void look() {
    boolean done = false;
    try {
      sweep.look();
      done = true;
    } finally {
      looks.labelValues(name(), done ? "done" : "failed").inc();
    }
  }
}
