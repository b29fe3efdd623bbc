package dev.docket.maintenance;

import dev.docket.task.TaskKey;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** {@link RepublishTimes} in memory, without a limit. */
public final class MemoryRepublishTimes implements RepublishTimes {

  private final Clock clock;
  private final Map<TaskKey, Instant> last = new HashMap<>();

  public MemoryRepublishTimes(Clock clock) {
    this.clock = clock;
  }

  @Override
  public synchronized void record(TaskKey key, long tasks) {
    last.put(key, clock.instant());
  }

  @Override
  public synchronized Map<TaskKey, Instant> lastRepairs() {
    return Map.copyOf(last);
  }
}
