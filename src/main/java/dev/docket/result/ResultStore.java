package dev.docket.result;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.ResultId;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Stores results. Stages complete on the store's threads. If the store is unreachable, a read fails
 * with {@link dev.docket.store.StoreUnavailable} and a write completes with {@link
 * WriteOutcome.Unknown}.
 */
public interface ResultStore {

  /**
   * Creates a result; {@link WriteOutcome.Conflict} if it exists.
   *
   * @param searched the payload that searches find the result by, if the result does not contain it
   */
  CompletionStage<WriteOutcome> create(Result result, @Nullable JsonNode searched);

  /** Sets the flags of a result; {@link WriteOutcome.Conflict} if it does not exist. */
  CompletionStage<WriteOutcome> mark(ResultId id, boolean visible, boolean latest);

  /** Removes a result; {@link WriteOutcome.Conflict} if it does not exist. */
  CompletionStage<WriteOutcome> remove(ResultId id);

  /** Reads a result. */
  CompletionStage<Optional<Versioned<Result>>> find(ResultId id);

  /** Reads the results that exist; at most 1000 ids. */
  CompletionStage<Map<ResultId, Versioned<Result>>> find(Collection<ResultId> ids);
}
