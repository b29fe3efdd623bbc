package dev.docket.maintenance;

import dev.docket.task.TaskKey;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * When tasks of each key were last republished because the broker had lost messages, as far as this
 * server knows. The leader record carries the times to the other servers and to the next leader.
 * Thread-safe.
 */
public final class RepublishTimes {

  private static final int MAX_KEYS = 1_000;

  private final Clock clock;
  private final Map<TaskKey, Instant> times = new HashMap<>();

  public RepublishTimes(Clock clock) {
    this.clock = clock;
  }

  /** Records that tasks of a key have just been republished. */
  public void record(TaskKey key) {
    merge(Map.of(key, clock.instant()));
  }

  /** Returns the known times, at most {@value #MAX_KEYS}, the latest. */
  public synchronized Map<TaskKey, Instant> lastRepairs() {
    return Map.copyOf(times);
  }

  /** Adds times of another server; the later time of a key counts. */
  synchronized void merge(Map<TaskKey, Instant> others) {
    others.forEach((key, time) -> times.merge(key, time, (a, b) -> a.isAfter(b) ? a : b));
    while (times.size() > MAX_KEYS) {
      times.entrySet().stream()
          .min(Comparator.comparing(Map.Entry<TaskKey, Instant>::getValue))
          .ifPresent(oldest -> times.remove(oldest.getKey()));
    }
  }
}
