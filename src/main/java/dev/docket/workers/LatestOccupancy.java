package dev.docket.workers;

import dev.docket.task.TaskKey;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Holds how busy the workers of each key were at the latest count of this server. Thread-safe. */
public final class LatestOccupancy {

  private volatile @Nullable Map<TaskKey, Occupancy> latest;

  void set(@Nullable Map<TaskKey, Occupancy> occupancies) {
    latest = occupancies == null ? null : Collections.unmodifiableMap(new TreeMap<>(occupancies));
  }

  /** The keys that have workers; null if that is unknown. */
  public @Nullable Map<TaskKey, Occupancy> get() {
    return latest;
  }

  /** How busy the workers of the key are; null if that is unknown. */
  public @Nullable Occupancy of(TaskKey key) {
    Map<TaskKey, Occupancy> known = latest;
    return known == null ? null : known.getOrDefault(key, Occupancy.NONE);
  }
}
