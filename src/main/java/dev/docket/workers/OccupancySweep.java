package dev.docket.workers;

import dev.docket.maintenance.Sweep;
import dev.docket.store.StoreUnavailable;
import java.time.Duration;

/** Counts the workers and their leases, for metrics and pages. Every server runs it. */
public final class OccupancySweep implements Sweep {

  /** Time between two counts. */
  public static final Duration INTERVAL = Duration.ofSeconds(10);

  private final WorkerLoads loads;
  private final LatestOccupancy latest;

  public OccupancySweep(WorkerLoads loads, LatestOccupancy latest) {
    this.loads = loads;
    this.latest = latest;
  }

  @Override
  public String name() {
    return "occupancy";
  }

  @Override
  public void run() {
    try {
      latest.set(loads.byKey());
    } catch (StoreUnavailable unavailable) {
      latest.set(null);
      throw unavailable;
    }
  }
}
