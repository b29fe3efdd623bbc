package dev.docket.task;

import dev.docket.store.Versioned;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the tasks of a key in one state. Blocks. */
public interface TasksInState {

  /**
   * Finds the tasks of a key in one state, in order of id. Refreshes before the first page. Tasks
   * may have changed since they were indexed.
   *
   * @param after the last id of the previous page; null for the first page
   */
  List<Versioned<Task>> inState(TaskKey key, TaskState state, @Nullable TaskId after, int limit);
}
