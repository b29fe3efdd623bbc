package dev.docket.admission;

import dev.docket.task.TaskKey;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The runs in progress that were handed out under former limits of their key, outside of its slots.
 * They count against its concurrency. Other servers may hand some out until they know the change.
 * Thread-safe.
 */
final class FormerRuns {

  /** After this time every server knows a change of limits. */
  private static final Duration SETTLE_TIME = Duration.ofSeconds(5);

  private final LimitedTasks search;
  private final LongSupplier nanos;

  /**
   * When the limits of a key have changed, on the monotonic clock; for limits from before the
   * start, when its tasks were first admitted.
   */
  private final ConcurrentHashMap<TaskKey, Long> changedAt = new ConcurrentHashMap<>();

  /** The keys without such runs, so that none is counted. */
  private final Set<TaskKey> settled = ConcurrentHashMap.newKeySet();

  FormerRuns(LimitedTasks search, LongSupplier nanos) {
    this.search = search;
    this.nanos = nanos;
  }

  void limitsChanged(TaskKey key) {
    changedAt.put(key, nanos.getAsLong());
    settled.remove(key);
  }

  /** Whether there are none of the key, and will be none until its limits change again. */
  boolean haveEnded(TaskKey key) {
    return settled.contains(key);
  }

  /** Counts those of a key, at most its concurrency. Blocks, unless they have ended. */
  int count(TaskKey key, int concurrency) {
    if (haveEnded(key)) {
      return 0;
    }
    long now = nanos.getAsLong();
    Long since = changedAt.computeIfAbsent(key, absent -> now);
    int running = (int) search.runningOutsideSlots(key, concurrency);
    if (running == 0 && now - since >= SETTLE_TIME.toNanos() && since.equals(changedAt.get(key))) {
      settled.add(key);
    }
    return running;
  }
}
