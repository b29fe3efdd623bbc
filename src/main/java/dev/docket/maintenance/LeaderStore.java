package dev.docket.maintenance;

import dev.docket.store.StoreUnavailable;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stores the record of the leader. All methods block. */
public interface LeaderStore {

  /**
   * Returns the record; empty before the first write.
   *
   * @throws StoreUnavailable if the store cannot be reached
   */
  Optional<Versioned<Leader>> read();

  /**
   * Replaces the version that was read.
   *
   * @param seen the version that was read; null to create the record
   */
  WriteOutcome write(Leader leader, @Nullable Version seen);
}
