package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import dev.docket.maintenance.HiddenResults;
import dev.docket.result.Result;
import dev.docket.store.Versioned;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds results that no reader sees by their creation time. */
public final class ElasticHiddenResults implements HiddenResults {

  private static final List<SortOptions> OLDEST_FIRST =
      List.of(QueryTerms.sort("created_at", SortOrder.Asc), QueryTerms.sort("id", SortOrder.Asc));

  private final RecordSearch<Result> results;

  public ElasticHiddenResults(RecordSearch<Result> results) {
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
                            QueryTerms.is("visible", "false"),
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
