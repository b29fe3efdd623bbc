package dev.docket.outbox;

import dev.docket.task.Task;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Command;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes 202 with a delay, and not at all if the task is claimed first. That saves a short task one
 * of four writes. If the server crashes in the meantime, the publish effect is still in the task's
 * outbox and becomes overdue.
 */
public final class LazyConfirmations {

  private static final Logger LOG = LoggerFactory.getLogger(LazyConfirmations.class);

  private static final Duration DELAY = Duration.ofMillis(100);

  /** Maximum number of pending confirmations; further ones are written immediately. */
  private static final int MAX_PENDING = 50_000;

  private final ScheduledExecutorService timer;
  private final TaskService tasks;
  private final Semaphore permits = new Semaphore(MAX_PENDING);

  /**
   * Creates the confirmations.
   *
   * @param timer runs the delayed writes; owned by the caller
   */
  public LazyConfirmations(ScheduledExecutorService timer, TaskService tasks) {
    this.timer = timer;
    this.tasks = tasks;
  }

  /** Schedules the write for a run whose message the broker has confirmed. */
  void schedule(Task task) {
    if (timer.isShutdown() || !permits.tryAcquire()) {
      write(task);
      return;
    }
    var unused =
        timer.schedule(
            () -> {
              permits.release();
              if (!tasks.isConfirmationObsolete(task)) {
                write(task);
              }
            },
            DELAY.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void write(Task task) {
    tasks
        .execute(task.id(), new Command.Confirm(task.run().ref()))
        .whenComplete(
            (decision, failure) -> {
              if (failure != null) {
                LOG.debug(
                    "202 of task {} could not be written; the overdue sweep will publish the task"
                        + " again: {}",
                    task.id(),
                    failure.toString());
              }
            });
  }
}
