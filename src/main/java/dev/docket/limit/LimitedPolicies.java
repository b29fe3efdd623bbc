package dev.docket.limit;

import dev.docket.task.KeyLimits;
import dev.docket.task.Policies;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;

/** Policies together with the limits of their keys. */
public record LimitedPolicies(Policies policies, CurrentLimits limits) implements Policies {

  @Override
  public Policy of(TaskKey key) {
    return policies.of(key);
  }

  @Override
  public Policy of(Task task) {
    return policies.of(task);
  }

  @Override
  public String nextProtocol(Task task) {
    return policies.nextProtocol(task);
  }

  @Override
  public KeyLimits limits(TaskKey key) {
    return limits.of(key);
  }
}
