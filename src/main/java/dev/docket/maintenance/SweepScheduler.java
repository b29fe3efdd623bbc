package dev.docket.maintenance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the rounds: each sweep at its own interval, on a thread of its own so that a slow one holds
 * up no other. A look that fails is logged once, and again when looks succeed.
 */
public final class SweepScheduler {

  private static final Logger LOG = LoggerFactory.getLogger(SweepScheduler.class);

  /** A sweep and the pause between two looks. */
  public record Round(Sweep sweep, Duration every) {}

  private final List<Round> rounds;
  private final List<ScheduledExecutorService> threads = new ArrayList<>();

  public SweepScheduler(List<Round> rounds) {
    this.rounds = List.copyOf(rounds);
  }

  /** Begins; the first look of each comes at once. */
  public synchronized void start() {
    for (Round round : rounds) {
      ScheduledExecutorService thread =
          Executors.newSingleThreadScheduledExecutor(
              work -> {
                Thread named = new Thread(work, "docket-sweep-" + round.sweep().name());
                named.setDaemon(true);
                return named;
              });
      long pause = round.every().toMillis();
      var unused =
          thread.scheduleWithFixedDelay(new Look(round.sweep()), 0, pause, TimeUnit.MILLISECONDS);
      threads.add(thread);
    }
  }

  /** Ends; waits for looks under way, for ten seconds at most. */
  public synchronized void stop() throws InterruptedException {
    threads.forEach(ScheduledExecutorService::shutdown);
    for (ScheduledExecutorService thread : threads) {
      if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    }
    threads.clear();
  }

  private static final class Look implements Runnable {
    private final Sweep sweep;
    private boolean failing;

    private Look(Sweep sweep) {
      this.sweep = sweep;
    }

    @Override
    public void run() {
      try {
        sweep.run();
        if (failing) {
          LOG.info("The {} sweep works again", sweep.name());
          failing = false;
        }
      } catch (RuntimeException failure) {
        // An exception would end the schedule, and whatever it looks for would be stuck.
        if (failing) {
          LOG.debug("The {} sweep failed again", sweep.name(), failure);
        } else {
          LOG.warn("The {} sweep failed, it goes on trying: {}", sweep.name(), failure.toString());
        }
        failing = true;
      }
    }
  }
}
