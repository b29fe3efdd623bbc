package dev.docket.task;

import dev.docket.http.Problem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * One command queue for each task that has pending commands. At most one write for a task is in
 * flight in this server; commands that arrive meanwhile share the next write.
 */
final class Mailboxes {

  /** The maximum number of commands in all queues; further ones fail. */
  private static final int CAPACITY = 100_000;

  private final ConcurrentHashMap<TaskId, Queue<PendingCommand>> queues = new ConcurrentHashMap<>();
  private final Semaphore capacity = new Semaphore(CAPACITY);

  /**
   * Adds a command to its task's queue. If the mailboxes are full, the command fails and may be
   * retried.
   *
   * @return whether the queue was idle, so that the caller must process it with {@link #take}
   */
  boolean post(TaskId id, PendingCommand pending) {
    if (!capacity.tryAcquire()) {
      pending
          .decision()
          .completeExceptionally(
              new Problem(
                  Problem.Kind.UNAVAILABLE,
                  "too many writes are waiting for the store; try again"));
      return false;
    }
    boolean[] idle = {false};
    queues.compute(
        id,
        (key, queue) -> {
          idle[0] = queue == null;
          Queue<PendingCommand> commands = queue == null ? new ArrayDeque<>() : queue;
          commands.add(pending);
          return commands;
        });
    return idle[0];
  }

  /**
   * Removes the commands that can be decided together: all commands before the next one that is not
   * batchable, or that one alone. If the list is empty, the queue is idle again and the next {@link
   * #post} returns true.
   */
  List<PendingCommand> take(TaskId id) {
    List<PendingCommand> taken = new ArrayList<>();
    queues.computeIfPresent(
        id,
        (key, queue) -> {
          PendingCommand first = queue.poll();
          if (first == null) {
            return null;
          }
          taken.add(first);
          while (first.isBatchable() && !queue.isEmpty() && queue.element().isBatchable()) {
            taken.add(queue.remove());
          }
          return queue;
        });
    capacity.release(taken.size());
    return taken;
  }
}
