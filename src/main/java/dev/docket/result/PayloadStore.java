package dev.docket.result;

import dev.docket.store.WriteOutcome;
import dev.docket.task.ResultId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Stores payloads that are too large for their result's record, in parts. Stages complete on the
 * store's threads. If the store is unreachable, a read fails with {@link
 * dev.docket.store.StoreUnavailable} and a write completes with {@link WriteOutcome.Unknown}.
 */
public interface PayloadStore {

  /** Creates or overwrites a part. */
  CompletionStage<WriteOutcome> put(PayloadPart part);

  /** Reads a part. */
  CompletionStage<Optional<PayloadPart>> find(ResultId result, int number);

  /** Removes a part; {@link WriteOutcome.Conflict} if it does not exist. */
  CompletionStage<WriteOutcome> remove(ResultId result, int number);

  /** Names a part without its bytes. */
  record PartName(ResultId result, int number, PayloadPart.Owner owner, Instant createdAt) {}

  /**
   * Finds the parts that were written before a time, the earliest first. Blocks; lags by the
   * refresh interval.
   *
   * @param after the last part of the previous page; null for the first page
   */
  List<PartName> writtenBefore(Instant time, @Nullable PartName after, int limit);
}
