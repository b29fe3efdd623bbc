package dev.docket.maintenance;

import dev.docket.store.Versioned;
import dev.docket.task.Task;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds tasks with an effect that is due. Blocks, and lags by the refresh interval. */
public interface OverdueTasks {

  /**
   * Finds tasks with an effect that is due, the longest due first. Includes tasks that are being
   * deleted.
   *
   * @param after the last task of the previous page; null for the first page
   */
  List<Versioned<Task>> overdue(Instant now, @Nullable Task after, int limit);
}
