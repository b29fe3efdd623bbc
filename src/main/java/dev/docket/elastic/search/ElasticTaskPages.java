package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import dev.docket.dependency.WaitingTasks;
import dev.docket.document.DocumentId;
import dev.docket.elastic.index.Refresher;
import dev.docket.maintenance.OverdueTasks;
import dev.docket.maintenance.RunningTasks;
import dev.docket.store.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.task.TasksInState;
import dev.docket.task.TasksOfDocuments;
import dev.docket.task.api.UnfinishedTasks;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads tasks page by page, on their indexed fields. The cost grows with the number of open tasks,
 * not with the number of finished ones.
 */
public final class ElasticTaskPages
    implements OverdueTasks,
        RunningTasks,
        WaitingTasks,
        UnfinishedTasks,
        TasksInState,
        TasksOfDocuments {

  static final SortOptions BY_ID = QueryTerms.sort("id", SortOrder.Asc);

  static final TaskState[] UNFINISHED =
      Stream.of(TaskState.values()).filter(s -> !s.isFinished()).toArray(TaskState[]::new);

  private final RecordSearch<Task> searches;
  private final Refresher refresher;

  public ElasticTaskPages(RecordSearch<Task> searches, Refresher refresher) {
    this.searches = searches;
    this.refresher = refresher;
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
    return byId(
        QueryTerms.notDeleted(
            List.of(QueryTerms.inState(TaskState.PROCESSING), QueryTerms.NOT_MANUAL)),
        after,
        limit);
  }

  @Override
  public List<Versioned<Task>> waiting(@Nullable TaskId after, int limit) {
    return byId(
        QueryTerms.notDeleted(List.of(QueryTerms.inState(TaskState.UNFINISHED_DEPENDENCY))),
        after,
        limit);
  }

  @Override
  public List<Versioned<Task>> unfinished(@Nullable TaskId after, int limit) {
    return byId(QueryTerms.notDeleted(List.of(QueryTerms.inState(UNFINISHED))), after, limit);
  }

  @Override
  public List<Versioned<Task>> inState(
      TaskKey key, TaskState state, @Nullable TaskId after, int limit) {
    if (after == null) {
      refresher.refresh();
    }
    return byId(
        QueryTerms.notDeleted(
            List.of(QueryTerms.inState(state), QueryTerms.is("key", key.value()))),
        after,
        limit);
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
                QueryTerms.inState(TaskState.UNFINISHED_DEPENDENCY, TaskState.FAILED_DEPENDENCY),
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
}
