package dev.docket.admission;

import dev.docket.store.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Finds and counts the tasks of limited keys. Blocks. */
public interface LimitedTasks {

  /**
   * Finds tasks of a key that wait for their admission, by priority, then by age. Includes all
   * writes before the call.
   */
  List<Versioned<Task>> waiting(TaskKey key, int limit);

  /** Counts the tasks that wait for their admission, by key, as of the last refresh. */
  Map<TaskKey, Long> waitingByKey();

  /**
   * Counts the runs of a key in progress that occupy none of its first slots, at most as many as
   * these. Includes all writes before the call.
   */
  long runningOutsideSlots(TaskKey key, int slots);

  /** Counts the runs of a key that were handed out since a time, at most {@code limit}. */
  long handedOutSince(TaskKey key, Instant since, int limit);
}
