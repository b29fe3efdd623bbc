package dev.docket.task;

import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;

/**
 * Hears what has happened to tasks, right after it was written: of one task, and from one server,
 * in order, once for each command that moved it, though several may share a write. What another
 * server wrote it does not hear, nor a write whose answer got lost.
 *
 * <p>Called on the store's threads, before whoever asked is answered: must neither block nor do
 * I/O. What it throws is logged once, and stops nothing.
 */
public interface TaskListener {

  /** A task was made; it is in its first state. */
  default void created(Task task) {}

  /**
   * A task moved. That is every change: of the state, to a new run in the same state, of the
   * progress, lease or outbox alone. A task that is being deleted keeps its state, and is {@link
   * Task#deleted()} from that move on; its record is removed with the move that leaves nothing in
   * its outbox, which is the last that is heard of it.
   *
   * @param by the command that moved it
   */
  default void moved(Task before, Command by, Task after) {}

  /**
   * A command was refused.
   *
   * @param task as it was then, and still is
   */
  default void refused(Task task, Command command, Decision.Reason reason) {}
}
