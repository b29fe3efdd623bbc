package dev.docket.maintenance;

import dev.docket.task.TaskKey;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** In memory, without end. */
public final class RememberedRepairs implements Repairs {

  private final Clock clock;
  private final Map<TaskKey, Instant> last = new HashMap<>();

  public RememberedRepairs(Clock clock) {
    this.clock = clock;
  }

  @Override
  public synchronized void repaired(TaskKey key, long tasks) {
    last.put(key, clock.instant());
  }

  @Override
  public synchronized Map<TaskKey, Instant> lastRepairs() {
    return Map.copyOf(last);
  }
}
