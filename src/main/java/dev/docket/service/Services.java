package dev.docket.service;

import dev.docket.task.TaskKey;
import java.util.Optional;

/**
 * The services of all task keys, as this server knows them: at most a few seconds old. Never
 * blocks; may be called from any thread.
 */
@FunctionalInterface
public interface Services {

  /** The service of a task key; empty if the key has none, and anything is allowed. */
  Optional<Service> find(TaskKey key);
}
