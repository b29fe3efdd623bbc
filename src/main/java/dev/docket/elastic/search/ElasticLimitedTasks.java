package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.aggregations.Aggregation;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import dev.docket.admission.LimitedTasks;
import dev.docket.elastic.index.Refresher;
import dev.docket.store.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the tasks of limited keys in Elasticsearch. */
public final class ElasticLimitedTasks implements LimitedTasks {

  /** Maximum number of keys with waiting tasks. */
  private static final int MAX_KEYS = 10_000;

  private static final Aggregation BY_KEY =
      Aggregation.of(a -> a.terms(t -> t.field("key").size(MAX_KEYS)));

  private static final List<SortOptions> BY_PRIORITY =
      List.of(
          QueryTerms.sort("priority", SortOrder.Desc),
          QueryTerms.sort("created_at", SortOrder.Asc),
          QueryTerms.sort("id", SortOrder.Asc));

  private final RecordSearch<Task> searches;
  private final Refresher refresher;

  public ElasticLimitedTasks(RecordSearch<Task> searches, Refresher refresher) {
    this.searches = searches;
    this.refresher = refresher;
  }

  @Override
  public List<Versioned<Task>> waiting(TaskKey key, int limit) {
    refresher.refresh();
    return searches.sorted(
        QueryTerms.notDeleted(QueryTerms.exists("limited_since"), ofKey(key)),
        BY_PRIORITY,
        List.of(),
        limit);
  }

  @Override
  public Map<TaskKey, Long> waitingByKey() {
    Map<TaskKey, Long> waiting = new HashMap<>();
    searches
        .aggregate(QueryTerms.notDeleted(QueryTerms.exists("limited_since")), BY_KEY)
        .sterms()
        .buckets()
        .array()
        .forEach(key -> waiting.put(new TaskKey(key.key().stringValue()), key.docCount()));
    return waiting;
  }

  @Override
  public long runningOutsideSlots(TaskKey key, int slots) {
    refresher.refresh();
    return searches.count(
        QueryTerms.notDeleted(
            ofKey(key),
            QueryTerms.inState(TaskState.PROCESSING),
            QueryTerms.either(
                QueryTerms.not(QueryTerms.exists("admission.slot")),
                QueryTerms.moreThan("admission.slot", slots))),
        slots);
  }

  @Override
  public long handedOutSince(TaskKey key, Instant since, int limit) {
    refresher.refresh();
    return searches.count(
        QueryTerms.all(ofKey(key), QueryTerms.notBefore("dispatched_at", since)), limit);
  }

  private static Query ofKey(TaskKey key) {
    return QueryTerms.is("key", key.value());
  }
}
