package dev.docket.elastic.store;

import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.aggregations.Aggregation;
import co.elastic.clients.elasticsearch._types.aggregations.CompositeAggregation;
import co.elastic.clients.elasticsearch._types.aggregations.CompositeBucket;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.search.Hit;
import co.elastic.clients.json.JsonData;
import dev.docket.concurrent.Stages;
import dev.docket.elastic.client.ElasticHttp;
import dev.docket.elastic.record.RecordCodec;
import dev.docket.elastic.search.QueryTerms;
import dev.docket.elastic.search.RecordSearch;
import dev.docket.elastic.search.RouteBuckets;
import dev.docket.maintenance.UnroutableTasks;
import dev.docket.store.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Finds the tasks that no queue is bound for (422). */
public final class ElasticUnroutableTasks implements UnroutableTasks {

  private static final List<SortOptions> OLDEST_FIRST = QueryTerms.oldestFirst("created_at");
  private static final Aggregation OLDEST_ID =
      Aggregation.of(
          a -> a.topHits(top -> top.size(1).sort(OLDEST_FIRST).source(s -> s.fetch(false))));
  private static final Query UNROUTABLE = QueryTerms.inState(TaskState.NO_ROUTE_TO_QUEUE);

  private final RecordStore<Task> records;
  private final RecordSearch<Task> searches;

  public ElasticUnroutableTasks(RecordStore<Task> records, RecordSearch<Task> searches) {
    this.records = records;
    this.searches = searches;
  }

  private static CompositeAggregation groups(@Nullable Group after, int limit) {
    return CompositeAggregation.of(
        c -> {
          c.size(limit)
              .sources(RouteBuckets.BY_ROUTE)
              .sources(List.of(RouteBuckets.source("courier", "courier")));
          return after == null ? c : c.after(RouteBuckets.after(after.route(), after.protocol()));
        });
  }

  @Override
  public List<Versioned<Task>> oldestUnroutable(@Nullable Group after, int limit) {
    Aggregation byGroup =
        Aggregation.of(a -> a.composite(groups(after, limit)).aggregations("oldest", OLDEST_ID));
    List<CompositeBucket> groups =
        searches
            .aggregate(QueryTerms.notDeleted(UNROUTABLE), byGroup)
            .composite()
            .buckets()
            .array();
    // Read the records by id, because an aggregation does not return records exactly.
    List<CompletableFuture<Optional<Versioned<Task>>>> found =
        groups.stream().map(group -> records.find(oldestId(group)).toCompletableFuture()).toList();
    List<Versioned<Task>> oldest = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      oldest.addAll(oldest(groups.get(i), found.get(i)));
    }
    return oldest;
  }

  private static String oldestId(CompositeBucket group) {
    Hit<JsonData> hit =
        RouteBuckets.named(group.aggregations(), "oldest").topHits().hits().hits().get(0);
    return Objects.requireNonNull(hit.id(), "_id");
  }

  /**
   * Returns the oldest task of a group, unless its state has changed since the search. If its
   * record cannot be read, returns the next task.
   */
  private List<Versioned<Task>> oldest(
      CompositeBucket group, CompletableFuture<Optional<Versioned<Task>>> found) {
    try {
      return found.join().filter(t -> isUnroutable(t.value())).stream().toList();
    } catch (CompletionException e) {
      if (!(Stages.cause(e) instanceof RecordCodec.Unreadable)) {
        throw ElasticHttp.unavailable(e);
      }
      return unroutable(
          new Group(RouteBuckets.route(group), RouteBuckets.text(group, "courier")), null, 1);
    }
  }

  private static boolean isUnroutable(Task task) {
    return task.state() == TaskState.NO_ROUTE_TO_QUEUE && !task.deleted();
  }

  @Override
  public List<Versioned<Task>> unroutable(Group group, @Nullable Task after, int limit) {
    return searches.sorted(
        QueryTerms.notDeleted(
            UNROUTABLE,
            QueryTerms.is("target.type", group.route().type().wire()),
            QueryTerms.is("key", group.route().key().value()),
            QueryTerms.is("courier", group.protocol())),
        OLDEST_FIRST,
        after == null ? List.of() : QueryTerms.sortValues(after.createdAt(), after.id()),
        limit);
  }
}
