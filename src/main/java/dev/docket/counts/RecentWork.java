package dev.docket.counts;

import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has ended lately, and how long it took.
 *
 * @param keys those with the most, {@link dev.docket.task.Backlog#MAX_KEYS} at most
 * @param more whether there are more keys
 */
public record RecentWork(List<OfKey> keys, boolean more) {

  public RecentWork {
    keys = List.copyOf(keys);
  }

  /**
   * One key's.
   *
   * @param states how many have ended in each state
   * @param run how long the successful runs took; null if nobody knows of any
   * @param queued how long those had waited with the broker; null if nobody knows of any
   */
  public record OfKey(
      TaskKey key, Map<TaskState, Long> states, @Nullable Spread run, @Nullable Spread queued) {

    public OfKey {
      states = Map.copyOf(states);
    }
  }

  /**
   * Estimates, in milliseconds.
   *
   * @param p50 half took no longer than this
   * @param p95 19 of 20 took no longer than this
   */
  public record Spread(long p50, long p95) {}
}
