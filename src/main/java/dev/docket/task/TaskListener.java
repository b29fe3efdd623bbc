package dev.docket.task;

import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;

/**
 * Is notified of changes of tasks, right after they were written. For one task and one server, the
 * calls are in order, one for each command that changed the task, even if several commands share a
 * write. Not notified: writes of other servers, and writes whose response was lost.
 *
 * <p>The calls are made on the store's threads, before the command's decision is returned to its
 * caller: a listener must neither block nor do I/O. The first exception of a listener is logged; no
 * exception affects the task or other listeners.
 */
public interface TaskListener {

  /** A task was created. */
  default void created(Task task) {}

  /**
   * A task changed: its state, its run within the same state, or only its progress, lease or
   * outbox. A task that is being deleted keeps its state and is {@link Task#deleted()} from that
   * change on. The change that empties its outbox removes the record and is the last one.
   *
   * @param by the command that caused the change
   */
  default void changed(Task before, Command by, Task after) {}

  /**
   * A command was refused.
   *
   * @param task the task, which the command did not change
   */
  default void refused(Task task, Command command, Decision.Reason reason) {}
}
