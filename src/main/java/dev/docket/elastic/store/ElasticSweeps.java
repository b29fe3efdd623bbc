package dev.docket.elastic.store;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.SearchRequest;
import co.elastic.clients.elasticsearch.core.search.Hit;
import co.elastic.clients.elasticsearch.core.search.TotalHits;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.document.DocumentId;
import dev.docket.document.TargetType;
import dev.docket.elastic.index.Refresher;
import dev.docket.elastic.search.BacklogCount;
import dev.docket.elastic.search.ExpectedMessagesSearch;
import dev.docket.elastic.search.QueryTerms;
import dev.docket.elastic.search.RecordSearch;
import dev.docket.store.Versioned;
import dev.docket.task.Backlog;
import dev.docket.task.ExpectedMessages;
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
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The searches of the sweeps, on the indexed fields of tasks. Their cost grows with the number of
 * open tasks, not with the number of finished ones.
 */
public final class ElasticSweeps implements TaskStore.Sweeps {

  private static final SortOptions BY_ID = QueryTerms.sort("id", SortOrder.Asc);

  private static final TaskState[] UNFINISHED =
      Stream.of(TaskState.values()).filter(s -> !s.isFinished()).toArray(TaskState[]::new);

  private static final TaskState[] FINISHED =
      Stream.of(TaskState.values()).filter(TaskState::isFinished).toArray(TaskState[]::new);

  private static final TaskState[] WAITING_OR_RUNNING = {
    TaskState.CREATED, TaskState.TASK_RESET, TaskState.QUEUED, TaskState.PROCESSING
  };

  private final RecordSearch<Task> searches;
  private final Refresher refresher;
  private final UnroutableSearch unroutable;

  public ElasticSweeps(
      RecordStore<Task> records, RecordSearch<Task> searches, Refresher refresher) {
    this.searches = searches;
    this.refresher = refresher;
    this.unroutable = new UnroutableSearch(records, searches);
  }

  @Override
  public List<Versioned<Task>> overdue(Instant now, @Nullable Task after, int limit) {
    return searches.sorted(
        QueryTerms.notAfter("outbox_due", now),
        List.of(QueryTerms.sort("outbox_due", SortOrder.Asc), BY_ID),
        after == null
            ? List.of()
            : QueryTerms.sortValues(after.outboxDue().orElseThrow(), after.id()),
        limit);
  }

  @Override
  public List<Versioned<Task>> running(@Nullable TaskId after, int limit) {
    return byId(QueryTerms.notDeleted(List.of(in(TaskState.PROCESSING))), after, limit);
  }

  @Override
  public List<Versioned<Task>> waiting(@Nullable TaskId after, int limit) {
    return byId(QueryTerms.notDeleted(List.of(in(TaskState.UNFINISHED_DEPENDENCY))), after, limit);
  }

  @Override
  public List<Versioned<Task>> unfinished(@Nullable TaskId after, int limit) {
    return byId(QueryTerms.notDeleted(List.of(in(UNFINISHED))), after, limit);
  }

  @Override
  public List<Backlog> backlog(Instant now) {
    return new BacklogCount(searches).count(QueryTerms.notDeleted(List.of(in(UNFINISHED))), now);
  }

  @Override
  public ExpectedMessages expectedMessages(Instant before) {
    refresher.refresh();
    return new ExpectedMessagesSearch(searches).count(before);
  }

  @Override
  public List<Versioned<Task>> settled(
      Map<String, Set<Route>> routes, Instant before, @Nullable Task after, int limit) {
    return new ExpectedMessagesSearch(searches).page(routes, before, after, limit);
  }

  @Override
  public List<Versioned<Task>> unanswered(Instant now, @Nullable Task after, int limit) {
    return searches.sorted(
        QueryTerms.notDeleted(
            List.of(
                in(TaskState.QUEUED, TaskState.PROCESSING),
                QueryTerms.notAfter("unanswered_after", now))),
        List.of(QueryTerms.sort("unanswered_after", SortOrder.Asc), BY_ID),
        after == null || after.run().unansweredAfter() == null
            ? List.of()
            : QueryTerms.sortValues(after.run().unansweredAfter(), after.id()),
        limit);
  }

  @Override
  public boolean isOvertaken(Task task) {
    Instant dispatched = task.run().dispatchedAt();
    return dispatched != null
        && anyOfRoute(task, in(FINISHED), QueryTerms.after("dispatched_at", dispatched));
  }

  @Override
  public boolean isBehindOlderTask(Task task) {
    return anyOfRoute(
        task, in(WAITING_OR_RUNNING), QueryTerms.before("created_at", task.createdAt()));
  }

  private boolean anyOfRoute(Task task, Query states, Query timeRange) {
    Query sameRoute =
        QueryTerms.notDeleted(
            List.of(
                states,
                timeRange,
                QueryTerms.is("key", task.key().value()),
                QueryTerms.is("target.type", task.spec().document().target().type().wire()),
                QueryTerms.is("priority", String.valueOf(task.spec().priority()))));
    return searches.any(sameRoute);
  }

  @Override
  public long countAhead(Task task, Collection<TargetType> types, int max) {
    Instant dispatched =
        task.run().dispatchedAt() == null ? task.createdAt() : task.run().dispatchedAt();
    int priority = task.spec().priority();
    Query earlier =
        Query.of(
            q ->
                q.bool(
                    b ->
                        b.filter(
                            QueryTerms.is("priority", String.valueOf(priority)),
                            QueryTerms.before("dispatched_at", dispatched))));
    Query ahead =
        QueryTerms.notDeleted(
            List.of(
                in(TaskState.QUEUED),
                QueryTerms.is("key", task.key().value()),
                QueryTerms.is("courier", task.spec().protocol()),
                QueryTerms.anyOf("target.type", types.stream().map(TargetType::wire).toList()),
                QueryTerms.either(List.of(QueryTerms.moreThan("priority", priority), earlier))));
    SearchRequest.Builder request =
        new SearchRequest.Builder().query(ahead).size(0).trackTotalHits(t -> t.count(max));
    TotalHits total = Objects.requireNonNull(searches.run(request).hits().total(), "total");
    return Math.min(total.value(), max);
  }

  @Override
  public List<Long> recentRunMs(TaskKey key, Instant since, int limit) {
    // Without a total count, Elasticsearch does not visit tasks that ended long ago.
    SearchRequest.Builder request =
        new SearchRequest.Builder()
            .query(
                QueryTerms.notDeleted(
                    List.of(
                        in(TaskState.SUCCESS),
                        QueryTerms.is("key", key.value()),
                        QueryTerms.after("finished_at", since),
                        QueryTerms.exists("run_ms"))))
            .sort(QueryTerms.sort("finished_at", SortOrder.Desc))
            .size(limit)
            .trackTotalHits(t -> t.enabled(false))
            .source(s -> s.filter(f -> f.includes("run_ms")));
    List<Long> durations = new ArrayList<>();
    for (Hit<ObjectNode> hit : searches.run(request).hits().hits()) {
      durations.add(Objects.requireNonNull(hit.source(), "_source").path("run_ms").asLong());
    }
    return durations;
  }

  @Override
  public List<Versioned<Task>> oldestUnroutable(@Nullable Route after, int limit) {
    return unroutable.oldest(after, limit);
  }

  @Override
  public List<Versioned<Task>> unroutable(
      TargetType type, TaskKey key, @Nullable Task after, int limit) {
    return unroutable.ofRoute(new Route(type, key), after, limit);
  }

  @Override
  public List<Versioned<Task>> inState(
      TaskKey key, TaskState state, @Nullable TaskId after, int limit) {
    if (after == null) {
      refresher.refresh();
    }
    return byId(
        QueryTerms.notDeleted(List.of(in(state), QueryTerms.is("key", key.value()))), after, limit);
  }

  @Override
  public List<Versioned<Task>> ofDocuments(
      Collection<DocumentId> documents, @Nullable TaskId after, int limit) {
    refresher.refresh();
    List<String> ids = documents.stream().map(DocumentId::value).toList();
    return byId(
        Query.of(q -> q.bool(b -> b.filter(QueryTerms.anyOf("document_id", ids)))), after, limit);
  }

  @Override
  public List<Versioned<Task>> waitingFor(TaskId dependency, @Nullable TaskId after, int limit) {
    if (after == null) {
      refresher.refresh();
    }
    return byId(
        QueryTerms.notDeleted(
            List.of(
                in(TaskState.UNFINISHED_DEPENDENCY, TaskState.FAILED_DEPENDENCY),
                QueryTerms.is("depends_on.id", dependency.value()))),
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
    return QueryTerms.anyOf(
        "state", Stream.of(states).map(state -> String.valueOf(state.number())).toList());
  }
}
