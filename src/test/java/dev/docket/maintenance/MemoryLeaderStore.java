package dev.docket.maintenance;

import dev.docket.document.MemoryRecords;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.util.Optional;

/** {@link LeaderStore} in memory, which can be made unavailable. */
final class MemoryLeaderStore implements LeaderStore {

  private final MemoryRecords<String, Leader> records = new MemoryRecords<>(leader -> "leader");
  boolean unavailable;

  /** The number of further writes that find another version. */
  int conflicts;

  @Override
  public Optional<Versioned<Leader>> read() {
    if (unavailable) {
      throw new StoreUnavailable("unavailable");
    }
    return records.find("leader");
  }

  @Override
  public WriteOutcome write(Leader leader, Version seen) {
    if (unavailable) {
      return new WriteOutcome.Unknown("unavailable");
    }
    if (conflicts > 0) {
      conflicts--;
      return new WriteOutcome.Conflict();
    }
    return seen == null ? records.create(leader) : records.replace(leader, seen);
  }
}
