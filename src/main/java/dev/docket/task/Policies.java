package dev.docket.task;

/**
 * The policies of task keys. A caller asks whenever it decides something, and keeps nothing: the
 * policy of a key may change at any time. Never blocks; may be called from any thread.
 */
public interface Policies {

  /** The policy for runs of a key that start now. */
  Policy of(TaskKey key);

  /** The policy for the current run of a task, whose worker protocol was fixed when it started. */
  Policy of(Task task);

  /** The limits of a key, as this server knows them. */
  default KeyLimits limits(TaskKey key) {
    return KeyLimits.NONE;
  }

  /** Whether tasks of a key are handed out at all. */
  default boolean handsOut(TaskKey key) {
    return limits(key).hold() == null;
  }

  /** The worker protocol of a run of the task that starts now: the task's own, or its key's. */
  default String nextProtocol(Task task) {
    String pinned = task.spec().protocol();
    return pinned != null ? pinned : of(task.key()).protocol();
  }
}
