package dev.docket.task;

/** The same policy for all tasks and all keys. */
public record OnePolicy(Policy policy) implements Policies {

  @Override
  public Policy of(TaskKey key) {
    return policy;
  }

  @Override
  public Policy of(Task task) {
    return policy;
  }
}
