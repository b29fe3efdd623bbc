package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.aggregations.Aggregate;
import co.elastic.clients.elasticsearch._types.aggregations.Aggregation;
import co.elastic.clients.elasticsearch._types.aggregations.MinAggregate;
import co.elastic.clients.elasticsearch._types.aggregations.StringTermsBucket;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import dev.docket.auth.OwnerFilter;
import dev.docket.counts.Backlog;
import dev.docket.counts.BacklogCounts;
import dev.docket.task.Run;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts open tasks by key and state, in one search that returns no records. */
public final class ElasticBacklogCounts implements BacklogCounts {

  private static final Map<String, Aggregation> OLDEST_AGGREGATION =
      Map.of(
          "created_at", oldest("created_at"),
          "queued_at", oldest("queued_at"),
          "started_at", oldest("started_at"),
          "updated_at", oldest("updated_at"));

  /** Tasks that wait for a person or that one has claimed; others may wait for other tasks. */
  private static final Query MANUAL =
      QueryTerms.allBut(
          List.of(QueryTerms.is("courier", Run.MANUAL)),
          QueryTerms.is("state", String.valueOf(TaskState.UNFINISHED_DEPENDENCY.number())));

  private static final Query LIMITED = QueryTerms.exists("limited_since");

  private final RecordSearch<Task> searches;
  private final Query counted;

  public ElasticBacklogCounts(RecordSearch<Task> searches, OwnerFilter owners) {
    this.searches = searches;
    this.counted =
        QueryTerms.ownedBy(owners)
            .map(owned -> QueryTerms.notDeleted(QueryTerms.UNFINISHED, owned))
            .orElseGet(() -> QueryTerms.notDeleted(QueryTerms.UNFINISHED));
  }

  @Override
  public List<Backlog> backlog(Instant now) {
    Query due = QueryTerms.not(QueryTerms.after("due_at", now), MANUAL, LIMITED);
    Aggregation states =
        Aggregation.of(
            a ->
                a.terms(t -> t.field("state").size(TaskState.values().length))
                    .aggregations("manual", of -> of.filter(MANUAL))
                    .aggregations(
                        "limited", of -> of.filter(QueryTerms.allBut(List.of(LIMITED), MANUAL)))
                    .aggregations("due", of -> of.filter(due).aggregations(OLDEST_AGGREGATION)));
    Aggregation keys =
        Aggregation.of(
            a ->
                a.terms(t -> t.field("key").size(Backlog.MAX_KEYS)).aggregations("states", states));
    List<Backlog> counts = new ArrayList<>();
    for (StringTermsBucket key : searches.aggregate(counted, keys).sterms().buckets().array()) {
      for (StringTermsBucket state : RouteBuckets.terms(key.aggregations(), "states")) {
        counts.add(backlog(new TaskKey(key.key().stringValue()), state));
      }
    }
    return counts;
  }

  private static Aggregation oldest(String field) {
    return Aggregation.of(a -> a.min(m -> m.field(field)));
  }

  private static Backlog backlog(TaskKey key, StringTermsBucket bucket) {
    TaskState state = TaskState.ofNumber(Integer.parseInt(bucket.key().stringValue()));
    var due = RouteBuckets.named(bucket.aggregations(), "due").filter();
    Instant oldest =
        time(
            due.aggregations(),
            switch (state) {
              case CREATED, TASK_RESET -> "created_at";
              case QUEUED -> "queued_at";
              case PROCESSING -> "started_at";
              default -> "updated_at";
            });
    long manual = RouteBuckets.named(bucket.aggregations(), "manual").filter().docCount();
    long limited = RouteBuckets.named(bucket.aggregations(), "limited").filter().docCount();
    long delayed = bucket.docCount() - due.docCount() - manual - limited;
    return new Backlog(key, state, bucket.docCount(), delayed, manual, limited, oldest);
  }

  /**
   * Returns the minimum of a time field; null if no task has the field. Without values, the minimum
   * has no text and is 0 as a number.
   */
  private static @Nullable Instant time(Map<String, Aggregate> aggregates, String field) {
    MinAggregate oldest = RouteBuckets.named(aggregates, field).min();
    return oldest.valueAsString() == null ? null : Instant.ofEpochMilli((long) oldest.value());
  }
}
