package dev.docket.rabbit.connection;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that does one thing after the other, so that what belongs to it needs no locks. From
 * its end on nothing more is done, and what was to be done later is dropped.
 */
public final class SerialExecutor {

  private static final Logger LOG = LoggerFactory.getLogger(SerialExecutor.class);

  private final ScheduledThreadPoolExecutor executor;

  public SerialExecutor(String role) {
    executor = new ScheduledThreadPoolExecutor(1, new NamedThreads(role));
  }

  /** Behind whatever is to be done already. */
  public void run(Runnable step) {
    later(Duration.ZERO, step);
  }

  public void later(Duration pause, Runnable step) {
    try {
      var unused = executor.schedule(() -> safely(step), pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException ended) {
      return;
    }
  }

  /** Again and again, with this pause between. */
  public void each(Duration pause, Runnable step) {
    var unused =
        executor.scheduleWithFixedDelay(
            () -> safely(step), pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** A bug in one step must not end the others, nor go unseen. */
  private static void safely(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException bug) {
      LOG.error("a step failed", bug);
    }
  }

  /** Does not wait for the step that is under way. */
  public void end() {
    executor.shutdownNow();
  }
}
