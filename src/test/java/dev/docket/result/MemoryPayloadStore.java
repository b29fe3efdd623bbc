package dev.docket.result;

import dev.docket.store.StoreUnavailable;
import dev.docket.store.Version;
import dev.docket.store.WriteOutcome;
import dev.docket.task.ResultId;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** An in-memory payload store for tests. Returns completed stages. */
public final class MemoryPayloadStore implements PayloadStore {

  private static final Comparator<PartName> ORDER =
      Comparator.comparing(PartName::createdAt)
          .thenComparing(part -> part.result().value())
          .thenComparing(PartName::number);

  private volatile boolean failReads;
  private final ConcurrentHashMap<String, PayloadPart> parts = new ConcurrentHashMap<>();

  private static String key(ResultId result, int number) {
    return result + "_" + number;
  }

  /** All parts, in no particular order. */
  public Collection<PayloadPart> all() {
    return parts.values();
  }

  @Override
  public CompletionStage<WriteOutcome> put(PayloadPart part) {
    parts.put(key(part.result(), part.number()), part);
    return CompletableFuture.completedStage(new WriteOutcome.Stored(new Version(0, 1)));
  }

  /** Sets whether reads fail. */
  public void failReads(boolean fail) {
    failReads = fail;
  }

  @Override
  public CompletionStage<Optional<PayloadPart>> find(ResultId result, int number) {
    if (failReads) {
      return CompletableFuture.failedStage(new StoreUnavailable("not now"));
    }
    return CompletableFuture.completedStage(Optional.ofNullable(parts.get(key(result, number))));
  }

  @Override
  public CompletionStage<WriteOutcome> remove(ResultId result, int number) {
    return CompletableFuture.completedStage(
        parts.remove(key(result, number)) == null
            ? new WriteOutcome.Conflict()
            : new WriteOutcome.Stored(new Version(0, 1)));
  }

  @Override
  public List<PartName> writtenBefore(Instant time, PartName after, int limit) {
    return parts.values().stream()
        .filter(part -> part.createdAt().isBefore(time))
        .map(part -> new PartName(part.result(), part.number(), part.owner(), part.createdAt()))
        .sorted(ORDER)
        .filter(part -> after == null || ORDER.compare(part, after) > 0)
        .limit(limit)
        .toList();
  }
}
