package dev.docket.outbox;

import dev.docket.task.Task;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Command;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes 202 a little late, and not at all where the claim came first: that saves a short task one
 * of four writes. What a crash loses meanwhile is still in the outbox, which is overdue then.
 */
public final class LazyConfirmations {

  private static final Logger LOG = LoggerFactory.getLogger(LazyConfirmations.class);

  /** How late. */
  private static final Duration DELAY = Duration.ofMillis(100);

  /** The most that may wait; more are written at once. */
  private static final int MAX_PENDING = 50_000;

  private final ScheduledExecutorService timer;
  private final CompletableFuture<TaskService> tasks;
  private final Semaphore room = new Semaphore(MAX_PENDING);

  /**
   * Wires it.
   *
   * @param timer where the waiting is done; owned by the caller
   * @param tasks completed once the desk is made
   */
  public LazyConfirmations(ScheduledExecutorService timer, CompletableFuture<TaskService> tasks) {
    this.timer = timer;
    this.tasks = tasks;
  }

  /** The broker has confirmed the message of this run. */
  void later(Task task) {
    if (timer.isShutdown() || !room.tryAcquire()) {
      write(task);
      return;
    }
    var unused =
        timer.schedule(
            () -> {
              room.release();
              if (!tasks.join().confirmationIsMoot(task)) {
                write(task);
              }
            },
            DELAY.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void write(Task task) {
    tasks
        .join()
        .execute(task.id(), new Command.Confirm(task.attempt(), task.run()))
        .whenComplete(
            (decision, failure) -> {
              if (failure != null) {
                LOG.debug("202 of task {} not written now: {}", task.id(), failure.toString());
              }
            });
  }
}
