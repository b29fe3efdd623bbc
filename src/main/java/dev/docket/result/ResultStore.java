package dev.docket.result;

import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Stores results. Stages complete on the store's threads. If the store is unreachable, a read fails
 * with {@link dev.docket.store.StoreUnavailable} and a write completes with {@link
 * WriteOutcome.Unknown}.
 */
public interface ResultStore {

  /** Creates or overwrites a result. */
  CompletionStage<WriteOutcome> put(Result result);

  /** Removes a result; {@link WriteOutcome.Conflict} if it does not exist. */
  CompletionStage<WriteOutcome> remove(ResultId id);

  /** Reads a result. */
  CompletionStage<Optional<Versioned<Result>>> find(ResultId id);

  /** Reads the results that exist; at most 1000 ids. */
  CompletionStage<Map<ResultId, Versioned<Result>>> find(Collection<ResultId> ids);
}
