package dev.docket.explain;

import dev.docket.document.TargetType;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * What the estimate of a queued task's waiting time is based on. The methods block, and lag by the
 * refresh interval.
 */
public interface QueueProgress {

  /**
   * Counts the queued tasks (202) that workers receive before this one: those of the same key and
   * worker protocol and one of these types, with a higher priority or dispatched earlier.
   *
   * @param max the upper limit of the count
   */
  long countAhead(Task task, Collection<TargetType> types, int max);

  /**
   * Returns the durations, in milliseconds, of the successful runs of a key by a worker protocol
   * that ended since then, the latest first.
   */
  List<Long> recentRunMs(TaskKey key, String protocol, Instant since, int limit);
}
