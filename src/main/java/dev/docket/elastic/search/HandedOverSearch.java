package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.aggregations.CompositeAggregate;
import co.elastic.clients.elasticsearch._types.aggregations.CompositeAggregation;
import co.elastic.clients.elasticsearch._types.aggregations.CompositeBucket;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.SearchRequest;
import dev.docket.document.TargetType;
import dev.docket.store.Versioned;
import dev.docket.task.HandedOver;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Counts and finds the tasks that the broker should have messages of. The cost grows with what is
 * open, and with what has begun or ended in the last seconds.
 */
public final class HandedOverSearch {

  private static final List<SortOptions> LONGEST_DISPATCHED =
      List.of(Terms.sort("dispatched_at", SortOrder.Asc), Terms.sort("id", SortOrder.Asc));

  /** One more than is told, which says that there are more. */
  private static final CompositeAggregation ROUTES =
      CompositeAggregation.of(
          c ->
              c.size(HandedOver.MOST_ROUTES + 1)
                  .sources(List.of(Buckets.source("courier", "courier")))
                  .sources(Buckets.BY_ROUTE));

  private final Searches<Task> searches;

  public HandedOverSearch(Searches<Task> searches) {
    this.searches = searches;
  }

  public HandedOver count(Instant before) {
    SearchRequest.Builder request =
        new SearchRequest.Builder()
            .query(Terms.alive(List.of(possible(before))))
            .size(0)
            .trackTotalHits(t -> t.enabled(false))
            .aggregations(
                "routes",
                routes ->
                    routes
                        .composite(ROUTES)
                        .aggregations("settled", of -> of.filter(settled(before))));
    CompositeAggregate found =
        Buckets.named(searches.run(request).aggregations(), "routes").composite();
    List<HandedOver.OfRoute> routes = new ArrayList<>();
    for (CompositeBucket bucket : found.buckets().array()) {
      routes.add(
          new HandedOver.OfRoute(
              Buckets.text(bucket, "courier"),
              Buckets.route(bucket),
              Buckets.named(bucket.aggregations(), "settled").filter().docCount(),
              bucket.docCount()));
    }
    boolean more = routes.size() > HandedOver.MOST_ROUTES;
    return new HandedOver(more ? routes.subList(0, HandedOver.MOST_ROUTES) : routes, more);
  }

  public List<Versioned<Task>> page(
      Map<String, Set<Route>> routes, Instant before, @Nullable Task after, int limit) {
    Instant dispatched = after == null ? null : after.dispatchedAt();
    return searches.sorted(
        Terms.alive(List.of(settled(before), anyOf(routes))),
        LONGEST_DISPATCHED,
        after == null || dispatched == null ? List.of() : Terms.place(dispatched, after.id()),
        limit);
  }

  private static Query settled(Instant before) {
    return Query.of(
        q ->
            q.bool(
                b ->
                    b.filter(
                            Terms.is("state", number(TaskState.QUEUED)),
                            Terms.before("dispatched_at", before),
                            Terms.before("updated_at", before))
                        .mustNot(Terms.exists("outbox_due"))));
  }

  private static Query possible(Instant before) {
    List<String> waiting =
        Stream.of(TaskState.CREATED, TaskState.TASK_RESET, TaskState.QUEUED)
            .map(HandedOverSearch::number)
            .toList();
    Query handedOver =
        Query.of(
            q ->
                q.bool(
                    b -> b.filter(Terms.anyOf("state", waiting), Terms.exists("dispatched_at"))));
    Query begunWithoutLease =
        Query.of(
            q ->
                q.bool(
                    b ->
                        b.filter(Terms.is("state", number(TaskState.PROCESSING)))
                            .mustNot(Terms.exists("lease.worker"))));
    return Terms.either(
        List.of(
            handedOver,
            begunWithoutLease,
            Terms.after("started_at", before),
            Terms.after("finished_at", before)));
  }

  /** A clause for each courier and target type: there may be a thousand routes. */
  private static Query anyOf(Map<String, Set<Route>> routes) {
    List<Query> any = new ArrayList<>();
    routes.forEach(
        (courier, own) -> {
          Map<TargetType, Set<String>> keys = new TreeMap<>();
          own.forEach(
              route ->
                  keys.computeIfAbsent(route.type(), type -> new TreeSet<>())
                      .add(route.key().value()));
          keys.forEach(
              (type, values) ->
                  any.add(
                      Query.of(
                          q ->
                              q.bool(
                                  b ->
                                      b.filter(
                                          Terms.is("courier", courier),
                                          Terms.is("target.type", type.wire()),
                                          Terms.anyOf("key", values))))));
        });
    return Terms.either(any);
  }

  private static String number(TaskState state) {
    return String.valueOf(state.number());
  }
}
