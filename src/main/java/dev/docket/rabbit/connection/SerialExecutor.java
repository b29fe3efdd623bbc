package dev.docket.rabbit.connection;

import dev.docket.concurrent.NamedThreads;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes tasks one after the other on a single thread, so that state that only these tasks use
 * needs no locks. After the shutdown it drops pending tasks and ignores new ones.
 */
public final class SerialExecutor {

  private static final Logger LOG = LoggerFactory.getLogger(SerialExecutor.class);

  private final ScheduledThreadPoolExecutor executor;

  public SerialExecutor(String role) {
    executor = new ScheduledThreadPoolExecutor(1, new NamedThreads("docket-rabbit-" + role));
  }

  /** Executes a task after those that are already due. */
  public void execute(Runnable task) {
    schedule(Duration.ZERO, task);
  }

  public void schedule(Duration delay, Runnable task) {
    try {
      var unused = executor.schedule(() -> safely(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return;
    }
  }

  /** Executes a task repeatedly, with this delay between two executions and before the first. */
  public void scheduleWithFixedDelay(Duration delay, Runnable task) {
    var unused =
        executor.scheduleWithFixedDelay(
            () -> safely(task), delay.toNanos(), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Logs an unexpected exception, which would otherwise end a repeated task without a trace. */
  private static void safely(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("Unexpected error in a task of the RabbitMQ adapter; continuing", e);
    }
  }

  /** Interrupts the running task without waiting for its end. */
  public void shutdown() {
    executor.shutdownNow();
  }
}
