package dev.docket.maintenance;

import dev.docket.task.TaskKey;
import java.time.Instant;
import java.util.Map;

/** When messages of each key were last sent again because the broker had lost them. */
public interface RepublishTimes {

  /** So many have been just now. */
  void repaired(TaskKey key, long tasks);

  /** As far as anybody remembers. */
  Map<TaskKey, Instant> lastRepairs();
}
