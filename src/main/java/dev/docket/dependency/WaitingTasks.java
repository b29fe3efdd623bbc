package dev.docket.dependency;

import dev.docket.store.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds tasks that wait for dependencies. The methods block. */
public interface WaitingTasks {

  /**
   * Finds tasks that wait for dependencies (412), in order of id. Lags by the refresh interval.
   *
   * @param after the last id of the previous page; null for the first page
   */
  List<Versioned<Task>> waiting(@Nullable TaskId after, int limit);

  /**
   * Finds the tasks that wait for a dependency, or have failed because of one (424), in order of
   * id. Refreshes before the first page.
   *
   * @param after the last id of the previous page; null for the first page
   */
  List<Versioned<Task>> waitingFor(TaskId dependency, @Nullable TaskId after, int limit);
}
