package dev.docket.task.machine;

import dev.docket.task.Task;
import org.jspecify.annotations.Nullable;

/** What the machine says to a command. */
public sealed interface Decision {

  /** The task moves; what is to be done for it is in its outbox. */
  record Moved(Task next) implements Decision {}

  /** As asked, and nothing to write: it is so already, or the command was for nothing. */
  record Unchanged(Task task) implements Decision {}

  /**
   * No.
   *
   * @param counted the task with the refusal counted in its history; null where it is not counted
   */
  record Refused(Task task, Reason reason, String why, @Nullable Task counted)
      implements Decision {}

  /** Why a command is refused. */
  enum Reason {
    /** The task is being deleted. */
    GONE,
    /** The command is of a run that is no longer the current one. */
    STALE,
    /** Another worker holds the task. */
    HELD,
    /** The task is in a state in which this makes no sense. */
    ILLEGAL
  }

  /** The task after the decision, whatever it was. */
  default Task task() {
    if (this instanceof Moved moved) {
      return moved.next();
    }
    return this instanceof Unchanged unchanged ? unchanged.task() : ((Refused) this).task();
  }

  /** Whether it was refused. */
  default boolean refused() {
    return this instanceof Refused;
  }
}
