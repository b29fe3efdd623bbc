package dev.docket.maintenance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.document.MemoryRecords;
import dev.docket.result.Result;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.ResultId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@link FormerResultRecords} in memory; those without an origin are of an earlier release. */
final class MemoryFormerResults implements FormerResultRecords {

  final MemoryRecords<ResultId, Result> records = new MemoryRecords<>(Result::id);

  /** The payloads that searches find the migrated results by. */
  final Map<ResultId, JsonNode> searched = new HashMap<>();

  /** The limits of all searches. */
  final List<Integer> searches = new ArrayList<>();

  /** Called after each search, before the records are migrated. */
  Runnable afterSearch = () -> {};

  @Nullable WriteOutcome outcome;

  @Override
  public List<Versioned<Result>> find(@Nullable ResultId after, int limit) {
    List<Versioned<Result>> page =
        records.all().stream()
            .filter(record -> record.value().origin() == null)
            .filter(
                record -> after == null || record.value().id().value().compareTo(after.value()) > 0)
            .sorted(Comparator.comparing(record -> record.value().id().value()))
            .limit(limit)
            .toList();
    searches.add(page.size());
    afterSearch.run();
    return page;
  }

  @Override
  public CompletionStage<WriteOutcome> replace(
      Result result, @Nullable JsonNode payload, Version seen) {
    if (outcome != null) {
      return CompletableFuture.completedStage(outcome);
    }
    if (payload != null) {
      searched.put(result.id(), payload);
    }
    return CompletableFuture.completedStage(records.replace(result, seen));
  }

  @Override
  public CompletionStage<WriteOutcome> remove(ResultId id, Version seen) {
    return CompletableFuture.completedStage(records.remove(id, seen));
  }
}
