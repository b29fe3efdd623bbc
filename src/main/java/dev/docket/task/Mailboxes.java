package dev.docket.task;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * One queue of letters for each task that has any: so that at most one write for a task is under
 * way in this server, and what has come meanwhile shares the next one.
 */
final class Mailboxes {

  /** The most letters in the house; more are turned away. */
  private static final int CAPACITY = 100_000;

  private final ConcurrentHashMap<TaskId, Queue<PendingCommand>> boxes = new ConcurrentHashMap<>();
  private final Semaphore room = new Semaphore(CAPACITY);

  /**
   * Puts a letter into its box, or answers it with {@link Overloaded} if there is no room.
   *
   * @return whether the box was idle, so that the caller must see to it with {@link #take}
   */
  boolean post(TaskId id, PendingCommand pending) {
    if (!room.tryAcquire()) {
      pending.answer().completeExceptionally(new Overloaded());
      return false;
    }
    boolean[] idle = {false};
    boxes.compute(
        id,
        (key, box) -> {
          idle[0] = box == null;
          Queue<PendingCommand> open = box == null ? new ArrayDeque<>() : box;
          open.add(pending);
          return open;
        });
    return idle[0];
  }

  /**
   * Takes what can be decided together: the letters up to the next one that stands alone, or that
   * one. Empty: the box is idle again, and the next {@link #post} says so.
   */
  List<PendingCommand> take(TaskId id) {
    List<PendingCommand> taken = new ArrayList<>();
    boxes.computeIfPresent(
        id,
        (key, box) -> {
          PendingCommand first = box.poll();
          if (first == null) {
            return null;
          }
          taken.add(first);
          while (first.folds() && !box.isEmpty() && box.element().folds()) {
            taken.add(box.remove());
          }
          return box;
        });
    room.release(taken.size());
    return taken;
  }
}
