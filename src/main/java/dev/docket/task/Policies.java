package dev.docket.task;

/** The policies of task keys, from the configuration. */
public interface Policies {

  /** The policy for new tasks of a key. */
  Policy of(TaskKey key);

  /** The policy of an existing task, whose worker protocol was fixed when it was submitted. */
  Policy of(Task task);
}
