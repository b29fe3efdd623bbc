package dev.docket.workers;

import dev.docket.store.StoreUnavailable;
import dev.docket.store.WriteOutcome;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Port to the stored list of known workers, which all servers share. So each server can list all
 * workers, whichever server they report to. Records are small and are overwritten; nothing but the
 * lists for people depends on them.
 */
public interface WorkerStore {

  /**
   * Stores a worker, and replaces the record with the same name. The outcome is {@link
   * WriteOutcome.Unknown} if the store is unavailable.
   */
  CompletionStage<WriteOutcome> put(KnownWorker worker);

  /**
   * The workers seen since this time, in order of name. Blocks; lags by the refresh interval.
   *
   * @throws StoreUnavailable if the search fails
   */
  List<KnownWorker> seenSince(Instant since, int limit);

  /**
   * Removes workers that were last seen before this time, at most {@code limit}, and returns their
   * number. Blocks.
   *
   * @throws StoreUnavailable if the search fails
   */
  int removeSilent(Instant before, int limit);
}
