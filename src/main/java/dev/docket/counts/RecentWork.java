package dev.docket.counts;

import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Recently ended tasks, with their run and waiting times.
 *
 * @param keys the keys with the most tasks, at most {@link Backlog#MAX_KEYS}
 * @param moreKeys whether there are more keys
 */
public record RecentWork(List<KeyWork> keys, boolean moreKeys) {

  public RecentWork {
    keys = List.copyOf(keys);
  }

  /**
   * Recently ended tasks of one key.
   *
   * @param states number of tasks that ended in each state
   * @param run durations of the successful runs; null if none is known
   * @param queued times that these runs waited in a queue; null if none is known
   */
  public record KeyWork(
      TaskKey key, Map<TaskState, Long> states, @Nullable Spread run, @Nullable Spread queued) {

    public KeyWork {
      states = Map.copyOf(states);
    }
  }

  /**
   * Estimated percentiles, in milliseconds.
   *
   * @param p50 50th percentile
   * @param p95 95th percentile
   */
  public record Spread(long p50, long p95) {}
}
