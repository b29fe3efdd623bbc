package dev.docket.task;

import org.jspecify.annotations.Nullable;

/**
 * A task that another waits for, with what the waiting one was last told of it.
 *
 * @param state its end state, null while it has none
 * @param attempt the attempt that ended so; news of an older one are ignored
 */
public record Dependency(TaskId id, TaskKey key, @Nullable TaskState state, int attempt) {

  public Dependency ended(TaskState end, int ofAttempt) {
    return new Dependency(id, key, end, ofAttempt);
  }
}
