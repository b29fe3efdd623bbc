package dev.docket.workers;

import dev.docket.task.TaskKey;
import java.util.Map;

/** Port to the numbers of leases. */
public interface LeaseCounts {

  /** Maximum number of workers with leases that are counted, those with the most leases first. */
  int MAX_WORKERS = WorkerRegistry.MAX_WORKERS;

  /**
   * Counts the leases of each worker program, not of people, by task key. Blocks; lags by the
   * refresh interval.
   *
   * @throws dev.docket.store.StoreUnavailable if the search fails
   */
  Map<String, Map<TaskKey, Integer>> byWorker();
}
