package dev.docket.elastic.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.elastic.record.SearchedResult;
import dev.docket.result.Result;
import dev.docket.result.ResultStore;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.ResultId;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Stores results in Elasticsearch. */
public final class ElasticResultStore implements ResultStore {

  private final RecordStore<SearchedResult> records;

  public ElasticResultStore(RecordStore<SearchedResult> records) {
    this.records = records;
  }

  @Override
  public CompletionStage<WriteOutcome> create(Result result, @Nullable JsonNode searched) {
    return records.createRelated(result.id().value(), new SearchedResult(result, searched));
  }

  @Override
  public CompletionStage<WriteOutcome> mark(ResultId id, boolean visible, boolean latest) {
    String update = "{\"doc\":{\"visible\":" + visible + ",\"latest\":" + latest + "}}";
    return records.update(id.value(), update.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public CompletionStage<WriteOutcome> remove(ResultId id) {
    return records.remove(id.value());
  }

  @Override
  public CompletionStage<Optional<Versioned<Result>>> find(ResultId id) {
    return records.find(id.value()).thenApply(found -> found.map(ElasticResultStore::result));
  }

  @Override
  public CompletionStage<Map<ResultId, Versioned<Result>>> find(Collection<ResultId> ids) {
    return records
        .find(ids, ResultId::value, searched -> searched.result().id())
        .thenApply(
            found -> {
              Map<ResultId, Versioned<Result>> results = new LinkedHashMap<>();
              found.forEach((id, searched) -> results.put(id, result(searched)));
              return results;
            });
  }

  private static Versioned<Result> result(Versioned<SearchedResult> searched) {
    return new Versioned<>(searched.value().result(), searched.version());
  }
}
