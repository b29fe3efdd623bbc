package dev.docket.maintenance;

import dev.docket.store.StoreUnavailable;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps the one record in which the servers agree who of them reconciles. Blocks. */
public interface LeaderStore {

  /**
   * The latest writing; empty before the first.
   *
   * @throws StoreUnavailable if the store cannot be reached
   */
  Optional<Versioned<Leader>> read();

  /**
   * Writes over the version that was seen.
   *
   * @param seen null for the very first writing
   */
  WriteOutcome write(Leader leader, @Nullable Version seen);
}
