package dev.docket.workers;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How busy some workers are. Workers of protocols without leases, such as DANE's, do not report and
 * are not included.
 *
 * @param workers number of workers that have sent a request within the last minute or hold a lease
 * @param slots number of tasks that they can run at the same time; null if one of them has not
 *     reported that
 * @param taken number of tasks that they hold, of any key
 * @param lastSeen time of the latest request of any of them; null if there was none recently
 */
public record Occupancy(
    int workers, @Nullable Integer slots, int taken, @Nullable Instant lastSeen) {

  /** No workers. */
  public static final Occupancy NONE = new Occupancy(0, 0, 0, null);

  static Occupancy of(List<WorkerLoad> loads) {
    boolean slotsKnown = loads.stream().allMatch(load -> load.slots() != null);
    return new Occupancy(
        loads.size(),
        slotsKnown ? loads.stream().flatMap(Occupancy::slots).reduce(0, Integer::sum) : null,
        loads.stream().mapToInt(WorkerLoad::taken).sum(),
        loads.stream()
            .map(WorkerLoad::lastSeen)
            .filter(Objects::nonNull)
            .max(Instant::compareTo)
            .orElse(null));
  }

  private static Stream<Integer> slots(WorkerLoad load) {
    Integer slots = load.slots();
    return slots == null ? Stream.empty() : Stream.of(slots);
  }

  /**
   * Whether the workers can take no further task now. If the number of slots is unknown, a worker
   * that runs a task counts as busy.
   */
  public boolean busy() {
    return taken > 0 && (slots == null || taken >= slots);
  }
}
