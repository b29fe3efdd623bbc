package dev.docket.elastic;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.aggregations.CompositeAggregationSource;
import co.elastic.clients.elasticsearch._types.aggregations.CompositeBucket;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.SearchRequest;
import co.elastic.clients.elasticsearch.core.search.Hit;
import co.elastic.clients.json.JsonData;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.document.DocumentId;
import dev.docket.document.TargetType;
import dev.docket.document.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.task.TaskStore;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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

  private final Searches<Task> searches;
  private final Refresher refresher;

  ElasticSweeps(Searches<Task> searches, Refresher refresher) {
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
  public List<Versioned<Task>> unfinished(@Nullable TaskId after, int limit) {
    return byId(Terms.alive(List.of(in(UNFINISHED))), after, limit);
  }

  @Override
  public List<Versioned<Task>> oldestUnroutable() {
    SearchRequest.Builder request =
        new SearchRequest.Builder()
            .query(Terms.alive(List.of(in(TaskState.NO_ROUTE_TO_QUEUE))))
            .size(0)
            .aggregations(
                "routes",
                routes ->
                    routes
                        .composite(
                            c ->
                                c.size(MOST_ROUTES)
                                    .sources(
                                        List.of(
                                            source("type", "target.type"), source("key", "key"))))
                        .aggregations(
                            "oldest",
                            oldest ->
                                oldest.topHits(
                                    top -> top.size(1).sort(OLDEST).seqNoPrimaryTerm(true))));
    return named(searches.run(request).aggregations(), "routes")
        .composite()
        .buckets()
        .array()
        .stream()
        .flatMap(this::oldest)
        .toList();
  }

  private static Map<String, CompositeAggregationSource> source(String name, String field) {
    return Map.of(name, CompositeAggregationSource.of(s -> s.terms(t -> t.field(field))));
  }

  /** The oldest of a route; the oldest but one where that cannot be read. */
  private Stream<Versioned<Task>> oldest(CompositeBucket route) {
    for (Hit<JsonData> hit : named(route.aggregations(), "oldest").topHits().hits().hits()) {
      Optional<Versioned<Task>> task = searches.read(plain(hit));
      if (task.isPresent()) {
        return task.stream();
      }
    }
    TargetType type = wireType(named(route.key(), "type").stringValue());
    TaskKey key = new TaskKey(named(route.key(), "key").stringValue());
    return unroutable(type, key, 1).stream();
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

  private static Hit<ObjectNode> plain(Hit<JsonData> hit) {
    JsonData source = hit.source();
    return Hit.of(
        h ->
            h.index(hit.index())
                .id(hit.id())
                .source(source == null ? null : source.to(ObjectNode.class))
                .seqNo(hit.seqNo())
                .primaryTerm(hit.primaryTerm()));
  }
}
