package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.aggregations.Aggregation;
import co.elastic.clients.elasticsearch._types.aggregations.StringTermsBucket;
import co.elastic.clients.elasticsearch.core.SearchRequest;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.workers.LeaseCounts;
import java.util.HashMap;
import java.util.List;
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
    String running = String.valueOf(TaskState.PROCESSING.number());
    SearchRequest.Builder request =
        new SearchRequest.Builder()
            .query(
                QueryTerms.notDeleted(
                    List.of(QueryTerms.is("state", running), QueryTerms.NOT_MANUAL)))
            .size(0)
            .trackTotalHits(t -> t.enabled(false))
            .aggregations("workers", BY_WORKER);
    Map<String, Map<TaskKey, Integer>> leases = new HashMap<>();
    for (StringTermsBucket worker :
        RouteBuckets.named(searches.run(request).aggregations(), "workers")
            .sterms()
            .buckets()
            .array()) {
      Map<TaskKey, Integer> keys = new HashMap<>();
      for (StringTermsBucket key :
          RouteBuckets.named(worker.aggregations(), "keys").sterms().buckets().array()) {
        keys.put(new TaskKey(key.key().stringValue()), (int) key.docCount());
      }
      leases.put(worker.key().stringValue(), keys);
    }
    return leases;
  }
}
