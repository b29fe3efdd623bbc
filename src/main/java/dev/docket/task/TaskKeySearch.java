package dev.docket.task;

import dev.docket.store.StoreUnavailable;
import java.util.Collection;
import java.util.Set;

/** Port to the search for task keys. */
public interface TaskKeySearch {

  /**
   * The keys that have at least one task, in any state. Blocks; lags writes by the refresh
   * interval.
   *
   * @throws StoreUnavailable if the search fails
   */
  Set<TaskKey> withTasks(Collection<TaskKey> keys);
}
