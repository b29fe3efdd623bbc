package dev.docket.maintenance;

import dev.docket.result.MemoryResultStore;
import dev.docket.result.Result;
import dev.docket.store.Versioned;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** Searches an in-memory result store. */
public record MemoryResultsByAge(MemoryResultStore results) implements ResultsByAge {

  private static final Comparator<Result> ORDER =
      Comparator.comparing(Result::createdAt).thenComparing(result -> result.id().value());

  @Override
  public List<Result> createdBefore(Instant time, Result after, int limit) {
    return results.all().stream()
        .map(Versioned::value)
        .filter(result -> result.createdAt().isBefore(time))
        .sorted(ORDER)
        .filter(result -> after == null || ORDER.compare(result, after) > 0)
        .limit(limit)
        .toList();
  }
}
