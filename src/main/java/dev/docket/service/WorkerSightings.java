package dev.docket.service;

import dev.docket.task.TaskKey;
import java.time.Instant;
import java.util.Map;

/** Port to what is known about workers. */
@FunctionalInterface
public interface WorkerSightings {

  /**
   * When a worker of each task key last sent a request, within the last hour. May block.
   *
   * @throws dev.docket.store.StoreUnavailable if it cannot be read
   */
  Map<TaskKey, Instant> lastSeen();
}
