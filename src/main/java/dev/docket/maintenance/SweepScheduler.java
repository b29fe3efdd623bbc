package dev.docket.maintenance;

import dev.docket.concurrent.NamedThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs each sweep at its own interval, on its own thread, so that a slow sweep delays no other.
 * Logs the first failure of a sweep, and its recovery.
 */
public final class SweepScheduler {

  private static final Logger LOG = LoggerFactory.getLogger(SweepScheduler.class);

  /** A sweep, with the delay between the end of a run and the start of the next. */
  public record ScheduledSweep(Sweep sweep, Duration delay) {}

  private final List<ScheduledSweep> sweeps;
  private final List<ScheduledExecutorService> executors = new ArrayList<>();

  public SweepScheduler(List<ScheduledSweep> sweeps) {
    this.sweeps = List.copyOf(sweeps);
  }

  /** Starts all sweeps; the first run of each starts immediately. */
  public synchronized void start() {
    for (ScheduledSweep scheduled : sweeps) {
      ScheduledExecutorService executor =
          Executors.newSingleThreadScheduledExecutor(
              new NamedThreads("docket-sweep-" + scheduled.sweep().name()));
      long delay = scheduled.delay().toMillis();
      var unused =
          executor.scheduleWithFixedDelay(
              new SweepRunner(scheduled.sweep()), 0, delay, TimeUnit.MILLISECONDS);
      executors.add(executor);
    }
  }

  /** Stops all sweeps; waits up to ten seconds for each current run. */
  public synchronized void stop() throws InterruptedException {
    executors.forEach(ScheduledExecutorService::shutdown);
    for (ScheduledExecutorService executor : executors) {
      if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
        executor.shutdownNow();
      }
    }
    executors.clear();
  }

  private static final class SweepRunner implements Runnable {
    private final Sweep sweep;
    private boolean failing;

    private SweepRunner(Sweep sweep) {
      this.sweep = sweep;
    }

    @Override
    public void run() {
      try {
        sweep.run();
        if (failing) {
          LOG.info("The {} sweep succeeds again", sweep.name());
          failing = false;
        }
      } catch (RuntimeException failure) {
        // An uncaught exception would cancel the schedule, and tasks would get stuck.
        if (failing) {
          LOG.debug("The {} sweep failed again", sweep.name(), failure);
        } else {
          LOG.warn(
              "The {} sweep failed ({}); retrying at its usual interval",
              sweep.name(),
              failure.toString());
        }
        failing = true;
      }
    }
  }
}
