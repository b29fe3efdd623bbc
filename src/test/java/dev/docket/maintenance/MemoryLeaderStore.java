package dev.docket.maintenance;

import dev.docket.document.MemoryRecords;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.util.Optional;

/** The leader's record in memory; it can be away. */
final class MemoryLeaderStore implements LeaderStore {

  private final MemoryRecords<String, Leader> records = new MemoryRecords<>(leader -> "leader");
  boolean away;

  @Override
  public Optional<Versioned<Leader>> read() {
    if (away) {
      throw new StoreUnavailable("away");
    }
    return records.find("leader");
  }

  @Override
  public WriteOutcome write(Leader leader, Version seen) {
    if (away) {
      return new WriteOutcome.Unknown("away");
    }
    return seen == null ? records.create(leader) : records.replace(leader, seen);
  }
}
