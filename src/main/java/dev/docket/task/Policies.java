package dev.docket.task;

/** Which rules hold for a task; from the configuration. */
public interface Policies {

  /** The rules for new tasks of a key. */
  Policy of(TaskKey key);

  /** The rules for a task that exists: its courier was chosen when it was submitted. */
  Policy of(Task task);
}
