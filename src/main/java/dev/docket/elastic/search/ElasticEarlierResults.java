package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import dev.docket.maintenance.EarlierResults;
import dev.docket.result.Result;
import dev.docket.store.Versioned;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds results of earlier runs by their creation time, for retention. */
public final class ElasticEarlierResults implements EarlierResults {

  private static final List<SortOptions> OLDEST_FIRST =
      List.of(QueryTerms.sort("created_at", SortOrder.Asc), QueryTerms.sort("id", SortOrder.Asc));

  private final RecordSearch<Result> results;

  public ElasticEarlierResults(RecordSearch<Result> results) {
    this.results = results;
  }

  @Override
  public List<Result> createdBefore(Instant time, @Nullable Result after, int limit) {
    Query query =
        Query.of(
            q ->
                q.bool(
                    b ->
                        b.filter(
                            QueryTerms.is("visible", "true"),
                            QueryTerms.is("latest", "false"),
                            QueryTerms.before("created_at", time))));
    return results
        .sorted(
            query,
            OLDEST_FIRST,
            after == null
                ? List.of()
                : QueryTerms.sortValues(after.createdAt(), after.id().value()),
            limit)
        .stream()
        .map(Versioned::value)
        .toList();
  }
}
