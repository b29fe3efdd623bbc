package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.aggregations.Aggregate;
import co.elastic.clients.elasticsearch._types.aggregations.Aggregation;
import co.elastic.clients.elasticsearch._types.aggregations.ArrayPercentilesItem;
import co.elastic.clients.elasticsearch._types.aggregations.StringTermsAggregate;
import co.elastic.clients.elasticsearch._types.aggregations.StringTermsBucket;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.SearchRequest;
import dev.docket.auth.OwnerFilter;
import dev.docket.counts.Backlog;
import dev.docket.counts.Counts;
import dev.docket.counts.EndedTasks;
import dev.docket.counts.RecentWork;
import dev.docket.elastic.index.Refresher;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts records in Elasticsearch, by searches that return no records. */
public final class ElasticCounts implements Counts {

  private static final Query ALL = Query.of(q -> q.matchAll(m -> m));

  private static final Aggregation STATES =
      Aggregation.of(a -> a.terms(t -> t.field("state").size(TaskState.values().length)));

  private static final Aggregation SUCCEEDED =
      Aggregation.of(
          a ->
              a.filter(QueryTerms.inState(TaskState.SUCCESS))
                  .aggregations("run", spread("run_ms"))
                  .aggregations("queued", spread("queued_ms")));

  private final RecordSearch<Task> tasks;
  private final RecordSearch<?> documents;
  private final RecordSearch<?> results;
  private final Refresher taskRefresher;
  private final Query owned;

  public ElasticCounts(
      RecordSearch<Task> tasks,
      RecordSearch<?> documents,
      RecordSearch<?> results,
      Refresher taskRefresher,
      OwnerFilter owners) {
    this.owned = QueryTerms.ownedBy(owners).orElse(ALL);
    this.taskRefresher = taskRefresher;
    this.tasks = tasks;
    this.documents = documents;
    this.results = results;
  }

  @Override
  public EndedTasks ended(@Nullable Instant after, @Nullable Instant upTo) {
    taskRefresher.refresh();
    List<Query> filters = new ArrayList<>(List.of(QueryTerms.FINISHED, owned));
    if (after != null) {
      filters.add(QueryTerms.after("finished_at", after));
    }
    if (upTo != null) {
      filters.add(QueryTerms.notAfter("finished_at", upTo));
    }
    StringTermsAggregate found = aggregateKeys(filters, Map.of("states", STATES));
    Map<TaskKey, Map<TaskState, Long>> keys = new LinkedHashMap<>();
    for (StringTermsBucket bucket : found.buckets().array()) {
      keys.put(key(bucket), states(bucket));
    }
    return new EndedTasks(keys, otherKeysCount(found));
  }

  @Override
  public long endedTotal() {
    taskRefresher.refresh();
    // Elasticsearch counts all records without visiting them.
    Query openOrDeleted = QueryTerms.either(QueryTerms.UNFINISHED, QueryTerms.exists("deleted_at"));
    return count(tasks, owned) - count(tasks, QueryTerms.all(owned, openOrDeleted));
  }

  @Override
  public RecentWork recent(Instant since) {
    StringTermsAggregate found =
        aggregateKeys(
            List.of(QueryTerms.FINISHED, QueryTerms.notBefore("finished_at", since), owned),
            Map.of("states", STATES, "succeeded", SUCCEEDED));
    List<RecentWork.KeyWork> keys = new ArrayList<>();
    for (StringTermsBucket bucket : found.buckets().array()) {
      Map<String, Aggregate> succeeded =
          RouteBuckets.named(bucket.aggregations(), "succeeded").filter().aggregations();
      keys.add(
          new RecentWork.KeyWork(
              key(bucket), states(bucket), spread(succeeded, "run"), spread(succeeded, "queued")));
    }
    return new RecentWork(keys, otherKeysCount(found) > 0);
  }

  @Override
  public Stored stored() {
    // Elasticsearch counts all records, and records with a field, without visiting them.
    long deleted = count(documents, QueryTerms.all(owned, QueryTerms.exists("deleted_at")));
    long invisible = count(results, QueryTerms.all(owned, QueryTerms.is("visible", "false")));
    return new Stored(count(documents, owned) - deleted, count(results, owned) - invisible);
  }

  private StringTermsAggregate aggregateKeys(
      List<Query> filters, Map<String, Aggregation> aggregations) {
    SearchRequest.Builder request =
        RecordSearch.counting(QueryTerms.allBut(filters, QueryTerms.exists("deleted_at")))
            .aggregations(
                "keys",
                keys ->
                    keys.terms(t -> t.field("key").size(Backlog.MAX_KEYS))
                        .aggregations(aggregations));
    return RouteBuckets.named(tasks.runLong(request).aggregations(), "keys").sterms();
  }

  private static Aggregation spread(String field) {
    Aggregation percentiles =
        Aggregation.of(a -> a.percentiles(p -> p.field(field).percents(50.0, 95.0).keyed(false)));
    return Aggregation.of(
        a -> a.filter(QueryTerms.exists(field)).aggregations("percentiles", percentiles));
  }

  private static RecentWork.@Nullable Spread spread(
      Map<String, Aggregate> aggregates, String name) {
    var withField = RouteBuckets.named(aggregates, name).filter();
    if (withField.docCount() == 0) {
      return null;
    }
    List<ArrayPercentilesItem> values =
        RouteBuckets.named(withField.aggregations(), "percentiles")
            .tdigestPercentiles()
            .values()
            .array();
    return new RecentWork.Spread(
        Math.round(values.get(0).value()), Math.round(values.get(1).value()));
  }

  private static TaskKey key(StringTermsBucket bucket) {
    return new TaskKey(bucket.key().stringValue());
  }

  private static Map<TaskState, Long> states(StringTermsBucket bucket) {
    Map<TaskState, Long> states = new EnumMap<>(TaskState.class);
    for (StringTermsBucket state : RouteBuckets.terms(bucket.aggregations(), "states")) {
      states.put(TaskState.ofNumber(Integer.parseInt(state.key().stringValue())), state.docCount());
    }
    return states;
  }

  private static long otherKeysCount(StringTermsAggregate found) {
    Long count = found.sumOtherDocCount();
    return count == null ? 0 : count;
  }

  private static long count(RecordSearch<?> searches, Query query) {
    return searches.count(query, Integer.MAX_VALUE);
  }
}
