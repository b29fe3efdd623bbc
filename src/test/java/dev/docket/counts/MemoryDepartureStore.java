package dev.docket.counts;

import dev.docket.store.StoreUnavailable;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Departures in memory, for tests. */
final class MemoryDepartureStore implements DepartureStore {

  private final Map<Integer, Versioned<Minute>> slots = new HashMap<>();
  private long sequence;
  boolean unavailable;

  /** Called once before the next write. */
  Runnable beforeWrite = () -> {};

  @Override
  public Map<Integer, Versioned<Minute>> read(Collection<Integer> wanted) {
    requireAvailable();
    Map<Integer, Versioned<Minute>> found = new HashMap<>(slots);
    found.keySet().retainAll(wanted);
    return found;
  }

  @Override
  public WriteOutcome write(int slot, Minute minute, @Nullable Version seen) {
    requireAvailable();
    Runnable hook = beforeWrite;
    beforeWrite = () -> {};
    hook.run();
    Versioned<Minute> stored = slots.get(slot);
    boolean same = stored == null ? seen == null : stored.version().equals(seen);
    if (!same) {
      return new WriteOutcome.Conflict();
    }
    Version version = new Version(++sequence, 1);
    slots.put(slot, new Versioned<>(minute, version));
    return new WriteOutcome.Stored(version);
  }

  int size() {
    return slots.size();
  }

  private void requireAvailable() {
    if (unavailable) {
      throw new StoreUnavailable("no response");
    }
  }
}
