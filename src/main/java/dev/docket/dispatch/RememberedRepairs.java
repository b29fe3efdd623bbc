package dev.docket.dispatch;

import dev.docket.stats.Repairs;
import dev.docket.task.TaskKey;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Remembers the repairs of this server until it ends, those of the last keys. */
public final class RememberedRepairs implements Repairs {

  private static final int MOST_KEYS = 1_000;

  private final Clock clock;
  private final Map<TaskKey, Instant> last = new LinkedHashMap<>();

  public RememberedRepairs(Clock clock) {
    this.clock = clock;
  }

  @Override
  public synchronized void repaired(TaskKey key, long tasks) {
    last.remove(key);
    last.put(key, clock.instant());
    if (last.size() > MOST_KEYS) {
      last.remove(last.keySet().iterator().next());
    }
  }

  @Override
  public synchronized Map<TaskKey, Instant> lastRepairs() {
    return Map.copyOf(last);
  }
}
