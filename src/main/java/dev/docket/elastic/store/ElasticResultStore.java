package dev.docket.elastic.store;

import dev.docket.result.Result;
import dev.docket.result.ResultId;
import dev.docket.result.ResultStore;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Stores results in Elasticsearch. */
public final class ElasticResultStore implements ResultStore {

  private final RecordStore<Result> records;

  public ElasticResultStore(RecordStore<Result> records) {
    this.records = records;
  }

  @Override
  public CompletionStage<WriteOutcome> put(Result result) {
    return records.put(result.id().value(), result);
  }

  @Override
  public CompletionStage<WriteOutcome> remove(ResultId id) {
    return records.remove(id.value());
  }

  @Override
  public CompletionStage<Optional<Versioned<Result>>> find(ResultId id) {
    return records.find(id.value());
  }

  @Override
  public CompletionStage<Map<ResultId, Versioned<Result>>> find(Collection<ResultId> ids) {
    return records.find(ids, ResultId::value, Result::id);
  }
}
