package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.aggregations.Aggregation;
import co.elastic.clients.elasticsearch._types.aggregations.CompositeAggregation;
import co.elastic.clients.elasticsearch._types.aggregations.CompositeBucket;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import dev.docket.document.TargetType;
import dev.docket.drift.ExpectedMessages;
import dev.docket.drift.SettledTasks;
import dev.docket.elastic.index.Refresher;
import dev.docket.store.Versioned;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Counts and finds the tasks for which the broker should hold messages. The cost grows with the
 * number of open tasks, and of tasks that started or ended in the last seconds.
 */
public final class ElasticSettledTasks implements SettledTasks {

  /** Aggregates one route more than is returned, to detect that there are more. */
  private static final CompositeAggregation ROUTES =
      CompositeAggregation.of(
          c ->
              c.size(ExpectedMessages.MAX_ROUTES + 1)
                  .sources(List.of(RouteBuckets.source("courier", "courier")))
                  .sources(RouteBuckets.BY_ROUTE));

  private final RecordSearch<Task> searches;
  private final Refresher refresher;

  public ElasticSettledTasks(RecordSearch<Task> searches, Refresher refresher) {
    this.searches = searches;
    this.refresher = refresher;
  }

  @Override
  public ExpectedMessages expectedMessages(Instant before) {
    refresher.refresh();
    Query unsettled = QueryTerms.notDeleted(possible(before), QueryTerms.NOT_MANUAL);
    Aggregation byRoute =
        Aggregation.of(
            a -> a.composite(ROUTES).aggregations("settled", of -> of.filter(settled(before))));
    List<ExpectedMessages.RouteCount> routes = new ArrayList<>();
    for (CompositeBucket bucket :
        searches.aggregate(unsettled, byRoute).composite().buckets().array()) {
      routes.add(
          new ExpectedMessages.RouteCount(
              RouteBuckets.text(bucket, "courier"),
              RouteBuckets.route(bucket),
              RouteBuckets.named(bucket.aggregations(), "settled").filter().docCount(),
              bucket.docCount()));
    }
    boolean truncated = routes.size() > ExpectedMessages.MAX_ROUTES;
    return new ExpectedMessages(
        truncated ? routes.subList(0, ExpectedMessages.MAX_ROUTES) : routes, truncated);
  }

  @Override
  public List<Versioned<Task>> settled(
      Map<String, Set<Route>> routes, Instant before, @Nullable Task after, int limit) {
    Instant dispatched = after == null ? null : after.run().dispatchedAt();
    return searches.sorted(
        QueryTerms.notDeleted(settled(before), anyOf(routes)),
        QueryTerms.oldestFirst("dispatched_at"),
        after == null || dispatched == null
            ? List.of()
            : QueryTerms.sortValues(dispatched, after.id()),
        limit);
  }

  private static Query settled(Instant before) {
    return QueryTerms.allBut(
        List.of(
            QueryTerms.inState(TaskState.QUEUED),
            QueryTerms.before("dispatched_at", before),
            QueryTerms.before("updated_at", before)),
        QueryTerms.exists("outbox_due"));
  }

  private static Query possible(Instant before) {
    Query dispatched =
        QueryTerms.all(
            QueryTerms.inState(TaskState.CREATED, TaskState.TASK_RESET, TaskState.QUEUED),
            QueryTerms.exists("dispatched_at"));
    Query startedWithoutLease =
        QueryTerms.allBut(
            List.of(QueryTerms.inState(TaskState.PROCESSING)), QueryTerms.exists("lease.worker"));
    return QueryTerms.either(
        dispatched,
        startedWithoutLease,
        QueryTerms.after("started_at", before),
        QueryTerms.after("finished_at", before));
  }

  /**
   * Matches any of the routes, with one clause per worker protocol and target type, because there
   * may be a thousand routes.
   */
  private static Query anyOf(Map<String, Set<Route>> routes) {
    List<Query> clauses = new ArrayList<>();
    routes.forEach(
        (protocol, protocolRoutes) -> {
          Map<TargetType, Set<String>> keys = new TreeMap<>();
          protocolRoutes.forEach(
              route ->
                  keys.computeIfAbsent(route.type(), type -> new TreeSet<>())
                      .add(route.key().value()));
          keys.forEach(
              (type, values) ->
                  clauses.add(
                      QueryTerms.all(
                          QueryTerms.is("courier", protocol),
                          QueryTerms.is("target.type", type.wire()),
                          QueryTerms.anyOf("key", values))));
        });
    return QueryTerms.either(clauses);
  }
}
