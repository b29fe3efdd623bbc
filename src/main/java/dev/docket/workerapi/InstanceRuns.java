package dev.docket.workerapi;

import dev.docket.store.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Port to the search for the runs of one process of a worker. */
public interface InstanceRuns {

  /**
   * Finds the running tasks whose lease an instance with this id holds, with whatever API key, in
   * order of id. Blocks; refreshes before the first page.
   *
   * @param after the last id of the previous page; null for the first page
   * @throws dev.docket.store.StoreUnavailable if the search fails
   */
  List<Versioned<Task>> heldBy(String instance, @Nullable TaskId after, int limit);
}
