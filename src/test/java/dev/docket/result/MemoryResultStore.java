package dev.docket.result;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.document.MemoryRecords;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.ResultId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An in-memory result store for tests. Returns completed stages. */
public final class MemoryResultStore implements ResultStore {

  private final MemoryRecords<ResultId, Result> records = new MemoryRecords<>(Result::id);

  /** All results, in no particular order. */
  public List<Versioned<Result>> all() {
    return records.all();
  }

  @Override
  public CompletionStage<WriteOutcome> create(Result result, JsonNode searched) {
    return CompletableFuture.completedStage(records.create(result));
  }

  @Override
  public CompletionStage<WriteOutcome> mark(ResultId id, boolean visible, boolean latest) {
    return CompletableFuture.completedStage(
        records
            .find(id)
            .map(Versioned::value)
            .map(found -> records.put(found.marked(visible, latest)))
            .orElseGet(WriteOutcome.Conflict::new));
  }

  @Override
  public CompletionStage<WriteOutcome> remove(ResultId id) {
    return CompletableFuture.completedStage(records.remove(id));
  }

  @Override
  public CompletionStage<Optional<Versioned<Result>>> find(ResultId id) {
    return CompletableFuture.completedStage(records.find(id));
  }

  @Override
  public CompletionStage<Map<ResultId, Versioned<Result>>> find(Collection<ResultId> ids) {
    return CompletableFuture.completedStage(records.find(ids));
  }
}
