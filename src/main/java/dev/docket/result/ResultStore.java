package dev.docket.result;

import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Keeps results. Stages complete on the store's threads; a store that cannot be reached fails a
 * read with {@link dev.docket.store.StoreUnavailable}, a write says {@link WriteOutcome.Unknown}.
 */
public interface ResultStore {

  /** Writes a result, or writes it again. */
  CompletionStage<WriteOutcome> put(Result result);

  /** Removes a result; {@link WriteOutcome.Stale} if there was none. */
  CompletionStage<WriteOutcome> remove(ResultId id);

  /** The result. */
  CompletionStage<Optional<Versioned<Result>>> find(ResultId id);

  /** Those of the results that are there; at most 1000 ids. */
  CompletionStage<Map<ResultId, Versioned<Result>>> find(Collection<ResultId> ids);
}
