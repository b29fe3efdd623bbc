package dev.docket.maintenance;

import dev.docket.store.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds running tasks (102). Blocks, and lags by the refresh interval. */
public interface RunningTasks {

  /**
   * Finds running tasks, excluding manual tasks, in order of id.
   *
   * @param after the last id of the previous page; null for the first page
   */
  List<Versioned<Task>> running(@Nullable TaskId after, int limit);
}
