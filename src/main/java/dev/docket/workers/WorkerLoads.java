package dev.docket.workers;

import dev.docket.task.Route;
import dev.docket.task.TaskKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Combines what workers have reported to any server with the leases in the store. */
public final class WorkerLoads {

  private final WorkerRegistry registry;
  private final LeaseCounts leases;

  public WorkerLoads(WorkerRegistry registry, LeaseCounts leases) {
    this.registry = registry;
    this.leases = leases;
  }

  /**
   * All workers, in order of name. Blocks: makes two searches.
   *
   * @throws dev.docket.store.StoreUnavailable if a search fails
   */
  public List<WorkerLoad> all() {
    Map<String, Map<TaskKey, Integer>> leasesByWorker = leases.byWorker();
    Map<String, WorkerLoad> loads = new TreeMap<>();
    for (KnownWorker worker : registry.all()) {
      String name = worker.name();
      Map<TaskKey, Integer> held = leasesByWorker.getOrDefault(name, Map.of());
      loads.put(name, new WorkerLoad(name, worker, held));
    }
    leasesByWorker.forEach(
        (name, held) -> loads.putIfAbsent(name, new WorkerLoad(name, null, held)));
    return new ArrayList<>(loads.values());
  }

  /**
   * How busy the workers of a route are. Blocks.
   *
   * @throws dev.docket.store.StoreUnavailable if a search fails
   */
  public Occupancy of(Route route) {
    return Occupancy.of(all().stream().filter(load -> load.serves(route)).toList());
  }

  /**
   * How busy the workers of each key are. A worker of several keys counts for each of them. Blocks.
   *
   * @throws dev.docket.store.StoreUnavailable if a search fails
   */
  Map<TaskKey, Occupancy> byKey() {
    List<WorkerLoad> all = all();
    Map<TaskKey, List<WorkerLoad>> byKey = new TreeMap<>();
    for (WorkerLoad load : all) {
      for (TaskKey key : keys(load)) {
        byKey.computeIfAbsent(key, k -> new ArrayList<>()).add(load);
      }
    }
    Map<TaskKey, Occupancy> occupancies = new TreeMap<>();
    byKey.forEach((key, loads) -> occupancies.put(key, Occupancy.of(loads)));
    return occupancies;
  }

  /** Its keys. What a worker says about itself need not be valid. */
  private static Set<TaskKey> keys(WorkerLoad load) {
    Set<TaskKey> keys = new TreeSet<>(load.leases().keySet());
    KnownWorker known = load.known();
    if (known != null && known.keys() != null) {
      known.keys().stream().filter(TaskKey::isValid).map(TaskKey::new).forEach(keys::add);
    }
    return keys;
  }
}
