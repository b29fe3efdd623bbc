package dev.docket.task.api;

import dev.docket.store.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds tasks that have not ended. Blocks, and lags by the refresh interval. */
public interface UnfinishedTasks {

  /**
   * Finds tasks that have not ended, in order of id.
   *
   * @param after the last id of the previous page; null for the first page
   */
  List<Versioned<Task>> unfinished(@Nullable TaskId after, int limit);
}
