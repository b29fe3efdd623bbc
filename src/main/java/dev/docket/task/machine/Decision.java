package dev.docket.task.machine;

import dev.docket.task.Task;
import org.jspecify.annotations.Nullable;

/** The outcome of a command. */
public sealed interface Decision {

  /** The task changes; the side effects are in its outbox. */
  record Changed(Task task) implements Decision {}

  /** Accepted without a change, because there is nothing to do. */
  record Unchanged(Task task) implements Decision {}

  /**
   * The command is refused.
   *
   * @param updated the task with the refusal counted in its history; null if it is not counted
   */
  record Refused(Task task, Reason reason, String detail, @Nullable Task updated)
      implements Decision {}

  /** Why a command is refused. */
  enum Reason {
    /** The task is being deleted. */
    GONE,
    /** The command is about a run that is no longer current. */
    STALE,
    /** Another claim holds the lease. */
    HELD,
    /** The command is not allowed in the state of the task. */
    ILLEGAL,
    /** The limits of the task key do not permit the run now. */
    LIMITED
  }

  /** The task after the decision; the unchanged task if the command was refused. */
  Task task();

  /** Whether the command was refused. */
  default boolean refused() {
    return this instanceof Refused;
  }
}
