package dev.docket.counts;

import dev.docket.store.StoreUnavailable;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Stores the departures of the last minutes in a fixed number of slots, through which servers tell
 * each other. All methods block, and read the latest writes.
 */
public interface DepartureStore {

  /**
   * The departures of a minute. This is also their stored form.
   *
   * @param minute start of the minute
   * @param departures those that each server has caused
   */
  record Minute(Instant minute, Map<String, List<Departure>> departures) {
    public Minute {
      Objects.requireNonNull(minute, "minute");
      departures = Map.copyOf(departures);
    }
  }

  /**
   * Reads the slots that are in use.
   *
   * @throws StoreUnavailable if the store is unreachable
   */
  Map<Integer, Versioned<Minute>> read(Collection<Integer> slots);

  /** Writes a slot if it still has this version; null if it must not be in use. */
  WriteOutcome write(int slot, Minute minute, @Nullable Version seen);
}
