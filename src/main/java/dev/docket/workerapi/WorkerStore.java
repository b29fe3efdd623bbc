package dev.docket.workerapi;

import dev.docket.store.StoreUnavailable;
import dev.docket.store.WriteOutcome;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What the servers have heard of workers, so that each can say who there is, whichever of them a
 * worker reports to. Small notes that are written over; nothing depends on them but what people
 * see.
 */
public interface WorkerStore {

  /**
   * Notes a worker, over what was noted of one of its name; {@link WriteOutcome.Unknown} in
   * trouble.
   */
  CompletionStage<WriteOutcome> put(KnownWorker worker);

  /**
   * Those heard since then, by name. Blocks; lags by the refresh interval.
   *
   * @throws StoreUnavailable if it cannot be searched
   */
  List<KnownWorker> heardSince(Instant then, int limit);

  /**
   * Removes some of those that have been silent since before then, and says how many. Blocks.
   *
   * @throws StoreUnavailable if it cannot be searched
   */
  int forget(Instant then, int most);
}
