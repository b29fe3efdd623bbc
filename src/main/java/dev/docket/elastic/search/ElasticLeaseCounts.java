package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.aggregations.Aggregation;
import co.elastic.clients.elasticsearch._types.aggregations.StringTermsBucket;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.workers.LeaseCounts;
import java.util.HashMap;
import java.util.Map;

/** Counts leases in Elasticsearch, in one search that returns no records. */
public final class ElasticLeaseCounts implements LeaseCounts {

  /** Maximum number of keys of one worker. */
  private static final int MAX_KEYS = 100;

  private static final Aggregation BY_WORKER =
      Aggregation.of(
          a ->
              a.terms(t -> t.field("lease.worker").size(MAX_WORKERS))
                  .aggregations("keys", keys -> keys.terms(t -> t.field("key").size(MAX_KEYS))));

  private final RecordSearch<Task> searches;

  public ElasticLeaseCounts(RecordSearch<Task> searches) {
    this.searches = searches;
  }

  @Override
  public Map<String, Map<TaskKey, Integer>> byWorker() {
    Query leased =
        QueryTerms.notDeleted(QueryTerms.inState(TaskState.PROCESSING), QueryTerms.NOT_MANUAL);
    Map<String, Map<TaskKey, Integer>> leases = new HashMap<>();
    for (StringTermsBucket worker :
        searches.aggregate(leased, BY_WORKER).sterms().buckets().array()) {
      Map<TaskKey, Integer> keys = new HashMap<>();
      for (StringTermsBucket key : RouteBuckets.terms(worker.aggregations(), "keys")) {
        keys.put(new TaskKey(key.key().stringValue()), (int) key.docCount());
      }
      leases.put(worker.key().stringValue(), keys);
    }
    return leases;
  }
}
