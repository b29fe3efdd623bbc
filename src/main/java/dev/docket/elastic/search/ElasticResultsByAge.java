package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import dev.docket.maintenance.ResultsByAge;
import dev.docket.result.Result;
import dev.docket.store.Versioned;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds all results, or those that fulfill conditions, by the time of their creation. */
public final class ElasticResultsByAge implements ResultsByAge {

  private final RecordSearch<Result> results;
  private final List<Query> conditions;

  private ElasticResultsByAge(RecordSearch<Result> results, List<Query> conditions) {
    this.results = results;
    this.conditions = conditions;
  }

  /** Finds all results, including those that readers do not see. */
  public static ElasticResultsByAge all(RecordSearch<Result> results) {
    return new ElasticResultsByAge(results, List.of());
  }

  /** Finds the results of successful runs other than the latest one of their task. */
  public static ElasticResultsByAge ofEarlierRuns(RecordSearch<Result> results) {
    return new ElasticResultsByAge(
        results, List.of(QueryTerms.is("visible", "true"), QueryTerms.is("latest", "false")));
  }

  @Override
  public List<Result> createdBefore(Instant time, @Nullable Result after, int limit) {
    List<Query> all = new ArrayList<>(conditions);
    all.add(QueryTerms.before("created_at", time));
    return results
        .sorted(
            QueryTerms.allBut(all),
            QueryTerms.oldestFirst("created_at"),
            after == null
                ? List.of()
                : QueryTerms.sortValues(after.createdAt(), after.id().value()),
            limit)
        .stream()
        .map(Versioned::value)
        .toList();
  }
}
