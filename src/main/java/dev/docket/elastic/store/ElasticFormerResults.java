package dev.docket.elastic.store;

import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.elastic.index.Refresher;
import dev.docket.elastic.record.SearchedResult;
import dev.docket.elastic.search.QueryTerms;
import dev.docket.elastic.search.RecordSearch;
import dev.docket.maintenance.FormerResultRecords;
import dev.docket.result.Result;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.ResultId;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Finds and replaces records of results that earlier releases wrote. They have no target. {@code
 * visible} may be set already, by an effect that marked the result.
 */
public final class ElasticFormerResults implements FormerResultRecords {

  private static final Query WITHOUT_TARGET = QueryTerms.not(QueryTerms.exists("target.type"));

  private final RecordStore<SearchedResult> records;
  private final RecordSearch<Result> searches;
  private final Refresher refresher;

  public ElasticFormerResults(
      RecordStore<SearchedResult> records, RecordSearch<Result> searches, Refresher refresher) {
    this.records = records;
    this.searches = searches;
    this.refresher = refresher;
  }

  @Override
  public List<Versioned<Result>> find(@Nullable ResultId after, int limit) {
    if (after == null) {
      refresher.refresh();
    }
    return searches.byId(WITHOUT_TARGET, after, limit);
  }

  @Override
  public CompletionStage<WriteOutcome> replace(
      Result result, @Nullable JsonNode searched, Version seen) {
    return records.replace(result.id().value(), new SearchedResult(result, searched), seen);
  }

  @Override
  public CompletionStage<WriteOutcome> remove(ResultId id, Version seen) {
    return records.remove(id.value(), seen);
  }
}
