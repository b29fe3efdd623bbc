package dev.docket.maintenance;

import dev.docket.task.TaskKey;
import java.time.Instant;
import java.util.Map;

/** Records when tasks of each key were last republished because the broker had lost messages. */
public interface RepublishTimes {

  /** Records that this number of tasks has just been republished. */
  void record(TaskKey key, long tasks);

  /** Returns the known times. */
  Map<TaskKey, Instant> lastRepairs();
}
