package dev.docket.elastic;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.aggregations.Aggregation;
import co.elastic.clients.elasticsearch._types.aggregations.CompositeAggregation;
import co.elastic.clients.elasticsearch._types.aggregations.CompositeAggregationSource;
import co.elastic.clients.elasticsearch._types.aggregations.CompositeBucket;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.SearchRequest;
import co.elastic.clients.elasticsearch.core.search.Hit;
import co.elastic.clients.elasticsearch.core.search.TotalHits;
import co.elastic.clients.json.JsonData;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.document.DocumentId;
import dev.docket.document.TargetType;
import dev.docket.document.Versioned;
import dev.docket.task.Backlog;
import dev.docket.task.HandedOver;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.task.TaskStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the sweeps look for, by search on what is indexed of a task. The cost grows with what is
 * open, not with what is finished.
 */
final class ElasticSweeps implements TaskStore.Sweeps {

  private static final int MOST_ROUTES = 1_000;
  private static final SortOptions BY_ID = Terms.sort("id", SortOrder.Asc);
  private static final List<SortOptions> OLDEST =
      List.of(Terms.sort("created_at", SortOrder.Asc), BY_ID);

  private static final TaskState[] UNFINISHED =
      Stream.of(TaskState.values()).filter(s -> !s.isFinished()).toArray(TaskState[]::new);

  private static final TaskState[] FINISHED =
      Stream.of(TaskState.values()).filter(TaskState::isFinished).toArray(TaskState[]::new);

  private static final TaskState[] WITH_WORKERS = {
    TaskState.CREATED, TaskState.TASK_RESET, TaskState.QUEUED, TaskState.PROCESSING
  };

  private static final CompositeAggregation ROUTES =
      CompositeAggregation.of(
          c ->
              c.size(MOST_ROUTES)
                  .sources(List.of(source("type", "target.type"), source("key", "key"))));
  private static final Aggregation OLDEST_ID =
      Aggregation.of(a -> a.topHits(top -> top.size(1).sort(OLDEST).source(s -> s.fetch(false))));

  private final Records<Task> records;
  private final Searches<Task> searches;
  private final Refresher refresher;

  ElasticSweeps(Records<Task> records, Searches<Task> searches, Refresher refresher) {
    this.records = records;
    this.searches = searches;
    this.refresher = refresher;
  }

  @Override
  public List<Versioned<Task>> overdue(Instant now, int limit) {
    return searches.sorted(
        Terms.notAfter("outbox_due", now),
        List.of(Terms.sort("outbox_due", SortOrder.Asc), BY_ID),
        List.of(),
        limit);
  }

  @Override
  public List<Versioned<Task>> running(@Nullable TaskId after, int limit) {
    return byId(Terms.alive(List.of(in(TaskState.PROCESSING))), after, limit);
  }

  @Override
  public List<Versioned<Task>> waiting(@Nullable TaskId after, int limit) {
    return byId(Terms.alive(List.of(in(TaskState.UNFINISHED_DEPENDENCY))), after, limit);
  }

  @Override
  public List<Versioned<Task>> unfinished(@Nullable TaskId after, int limit) {
    return byId(Terms.alive(List.of(in(UNFINISHED))), after, limit);
  }

  @Override
  public List<Backlog> backlog(Instant now) {
    return new BacklogCount(searches).count(Terms.alive(List.of(in(UNFINISHED))), now);
  }

  @Override
  public HandedOver handedOver(Instant before) {
    refresher.refresh();
    return new HandedOverSearch(searches).count(before);
  }

  @Override
  public List<Versioned<Task>> handedOver(
      Map<String, Set<Route>> routes, Instant before, @Nullable Task after, int limit) {
    return new HandedOverSearch(searches).page(routes, before, after, limit);
  }

  @Override
  public List<Versioned<Task>> unanswered(Instant now, int limit) {
    return searches.sorted(
        Terms.alive(
            List.of(
                in(TaskState.QUEUED, TaskState.PROCESSING),
                Terms.notAfter("unanswered_after", now))),
        List.of(Terms.sort("unanswered_after", SortOrder.Asc), BY_ID),
        List.of(),
        limit);
  }

  @Override
  public boolean overtaken(Task task) {
    Instant dispatched = task.dispatchedAt();
    return dispatched != null
        && anyOfRoute(task, in(FINISHED), Terms.after("dispatched_at", dispatched));
  }

  @Override
  public boolean behindOthers(Task task) {
    return anyOfRoute(task, in(WITH_WORKERS), Terms.before("created_at", task.createdAt()));
  }

  private boolean anyOfRoute(Task task, Query states, Query when) {
    Query others =
        Terms.alive(
            List.of(
                states,
                when,
                Terms.is("key", task.key().value()),
                Terms.is("target.type", task.spec().document().target().type().wire()),
                Terms.is("priority", String.valueOf(task.spec().priority()))));
    return !searches.sorted(others, List.of(BY_ID), List.of(), 1).isEmpty();
  }

  @Override
  public long ahead(Task task, Collection<TargetType> types, int most) {
    Instant dispatched = task.dispatchedAt() == null ? task.createdAt() : task.dispatchedAt();
    int priority = task.spec().priority();
    Query earlier =
        Query.of(
            q ->
                q.bool(
                    b ->
                        b.filter(
                            Terms.is("priority", String.valueOf(priority)),
                            Terms.before("dispatched_at", dispatched))));
    Query ahead =
        Terms.alive(
            List.of(
                in(TaskState.QUEUED),
                Terms.is("key", task.key().value()),
                Terms.is("courier", task.spec().courier()),
                Terms.anyOf("target.type", types.stream().map(TargetType::wire).toList()),
                Terms.either(List.of(Terms.moreThan("priority", priority), earlier))));
    SearchRequest.Builder request =
        new SearchRequest.Builder().query(ahead).size(0).trackTotalHits(t -> t.count(most));
    TotalHits total = Objects.requireNonNull(searches.run(request).hits().total(), "total");
    return Math.min(total.value(), most);
  }

  @Override
  public List<Long> recentRunMs(TaskKey key, Instant since, int limit) {
    // Without a count of all: then those that ended long ago are not looked at.
    SearchRequest.Builder request =
        new SearchRequest.Builder()
            .query(
                Terms.alive(
                    List.of(
                        in(TaskState.SUCCESS),
                        Terms.is("key", key.value()),
                        Terms.after("finished_at", since),
                        Terms.exists("run_ms"))))
            .sort(Terms.sort("finished_at", SortOrder.Desc))
            .size(limit)
            .trackTotalHits(t -> t.enabled(false))
            .source(s -> s.filter(f -> f.includes("run_ms")));
    List<Long> times = new ArrayList<>();
    for (Hit<ObjectNode> hit : searches.run(request).hits().hits()) {
      times.add(Objects.requireNonNull(hit.source(), "_source").path("run_ms").asLong());
    }
    return times;
  }

  @Override
  public List<Versioned<Task>> oldestUnroutable() {
    SearchRequest.Builder request =
        new SearchRequest.Builder()
            .query(Terms.alive(List.of(in(TaskState.NO_ROUTE_TO_QUEUE))))
            .size(0)
            .aggregations(
                "routes", routes -> routes.composite(ROUTES).aggregations("oldest", OLDEST_ID));
    List<CompositeBucket> routes =
        named(searches.run(request).aggregations(), "routes").composite().buckets().array();
    // The records are read by id: what an aggregation makes of a record is not exactly what it is.
    List<CompletableFuture<Optional<Versioned<Task>>>> found =
        routes.stream().map(route -> records.find(oldest(route)).toCompletableFuture()).toList();
    List<Versioned<Task>> oldest = new ArrayList<>();
    for (int i = 0; i < routes.size(); i++) {
      oldest.addAll(oldest(routes.get(i), found.get(i)));
    }
    return oldest;
  }

  private static Map<String, CompositeAggregationSource> source(String name, String field) {
    return Map.of(name, CompositeAggregationSource.of(s -> s.terms(t -> t.field(field))));
  }

  private static String oldest(CompositeBucket route) {
    Hit<JsonData> hit = named(route.aggregations(), "oldest").topHits().hits().hits().get(0);
    return Objects.requireNonNull(hit.id(), "_id");
  }

  /** The oldest of a route, unless it has moved on; the oldest but one where it cannot be read. */
  private List<Versioned<Task>> oldest(
      CompositeBucket route, CompletableFuture<Optional<Versioned<Task>>> found) {
    try {
      return found.join().filter(t -> isUnroutable(t.value())).stream().toList();
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof RecordForm.Unreadable)) {
        throw ElasticHttp.unavailable(e);
      }
      TargetType type = wireType(named(route.key(), "type").stringValue());
      TaskKey key = new TaskKey(named(route.key(), "key").stringValue());
      return unroutable(type, key, 1);
    }
  }

  private static boolean isUnroutable(Task task) {
    return task.state() == TaskState.NO_ROUTE_TO_QUEUE && !task.deleted();
  }

  @Override
  public List<Versioned<Task>> unroutable(TargetType type, TaskKey key, int limit) {
    return searches.sorted(
        Terms.alive(
            List.of(
                in(TaskState.NO_ROUTE_TO_QUEUE),
                Terms.is("target.type", type.wire()),
                Terms.is("key", key.value()))),
        OLDEST,
        List.of(),
        limit);
  }

  @Override
  public List<Versioned<Task>> inState(
      TaskKey key, TaskState state, @Nullable TaskId after, int limit) {
    if (after == null) {
      refresher.refresh();
    }
    return byId(Terms.alive(List.of(in(state), Terms.is("key", key.value()))), after, limit);
  }

  @Override
  public List<Versioned<Task>> ofDocuments(
      Collection<DocumentId> documents, @Nullable TaskId after, int limit) {
    refresher.refresh();
    List<String> ids = documents.stream().map(DocumentId::value).toList();
    return byId(
        Query.of(q -> q.bool(b -> b.filter(Terms.anyOf("document_id", ids)))), after, limit);
  }

  @Override
  public List<Versioned<Task>> waitingFor(TaskId dependency, @Nullable TaskId after, int limit) {
    if (after == null) {
      refresher.refresh();
    }
    return byId(
        Terms.alive(
            List.of(
                in(TaskState.UNFINISHED_DEPENDENCY, TaskState.FAILED_DEPENDENCY),
                Terms.is("depends_on.id", dependency.value()))),
        after,
        limit);
  }

  private List<Versioned<Task>> byId(Query query, @Nullable TaskId after, int limit) {
    return searches.sorted(
        query,
        List.of(BY_ID),
        after == null ? List.of() : List.of(FieldValue.of(after.value())),
        limit);
  }

  private static Query in(TaskState... states) {
    return Terms.anyOf(
        "state", Stream.of(states).map(state -> String.valueOf(state.number())).toList());
  }

  private static <T> T named(Map<String, T> all, String name) {
    return Objects.requireNonNull(all.get(name), name);
  }

  private static TargetType wireType(String wire) {
    return Stream.of(TargetType.values())
        .filter(t -> t.wire().equals(wire))
        .findFirst()
        .orElseThrow();
  }
}
