package dev.docket.audit;

import dev.docket.store.WriteOutcome;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** Stores audit records. */
public interface AuditStore {

  /**
   * Writes a record, or replaces the one with its id. Concurrent writes share requests. The stage
   * never fails.
   */
  CompletionStage<WriteOutcome> put(AuditRecord record);

  /**
   * Removes the oldest records that were created before this time. Blocks.
   *
   * @param limit the maximum number of records to remove
   * @return the number of removed records
   * @throws dev.docket.store.StoreUnavailable if the store is unavailable
   */
  int removeCreatedBefore(Instant before, int limit);
}
