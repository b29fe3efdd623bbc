package dev.docket.task;

import org.jspecify.annotations.Nullable;

/**
 * A task that another task waits for, as last reported to the waiting task.
 *
 * @param state the end state of the dependency; null while it has not ended
 * @param attempt the attempt that ended in this state; ends of older attempts are ignored
 */
public record Dependency(TaskId id, TaskKey key, @Nullable TaskState state, int attempt) {

  public Dependency ended(TaskState end, int ofAttempt) {
    return new Dependency(id, key, end, ofAttempt);
  }
}
