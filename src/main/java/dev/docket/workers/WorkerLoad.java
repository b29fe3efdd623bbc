package dev.docket.workers;

import dev.docket.task.Route;
import dev.docket.task.TaskKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A worker and the leases that it holds.
 *
 * @param known what it has reported; null if it has sent no request recently
 * @param leases number of its leases by task key; keys without a lease are absent
 */
public record WorkerLoad(String name, @Nullable KnownWorker known, Map<TaskKey, Integer> leases) {

  public WorkerLoad {
    leases = Map.copyOf(leases);
  }

  /** Whether it works on tasks of the key, of any type. */
  public boolean serves(TaskKey key) {
    return leases.containsKey(key) || (known != null && contains(known.keys(), key.value()));
  }

  /** Whether it works on tasks of the route. */
  public boolean serves(Route route) {
    if (known == null || known.keys() == null) {
      return leases.containsKey(route.key());
    }
    List<String> types = known.types();
    return serves(route.key())
        && (types == null || types.isEmpty() || types.contains(route.type().wire()));
  }

  private static boolean contains(@Nullable List<String> keys, String key) {
    return keys != null && keys.stream().anyMatch(key::equalsIgnoreCase);
  }

  /** The number of tasks that it can run at the same time; null if it has not reported that. */
  public @Nullable Integer slots() {
    return known == null ? null : known.concurrency();
  }

  /** The number of its slots that are taken by tasks of any key. */
  public int taken() {
    return leases.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Time of its last request; null if there was none recently. */
  public @Nullable Instant lastSeen() {
    return known == null ? null : known.lastSeen();
  }

  /** The leases by the name of the task key, sorted. */
  Map<String, Integer> leasesByName() {
    Map<String, Integer> byName = new TreeMap<>();
    leases.forEach((key, count) -> byName.put(key.value(), count));
    return byName;
  }
}
