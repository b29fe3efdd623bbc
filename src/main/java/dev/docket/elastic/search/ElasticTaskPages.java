package dev.docket.elastic.search;

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
import dev.docket.workerapi.InstanceRuns;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
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
        TasksOfDocuments,
        InstanceRuns {

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
        QueryTerms.oldestFirst("outbox_due"),
        after == null
            ? List.of()
            : QueryTerms.sortValues(after.outboxDue().orElseThrow(), after.id()),
        limit);
  }

  @Override
  public List<Versioned<Task>> running(@Nullable TaskId after, int limit) {
    return searches.byId(
        QueryTerms.notDeleted(QueryTerms.inState(TaskState.PROCESSING), QueryTerms.NOT_MANUAL),
        after,
        limit);
  }

  @Override
  public List<Versioned<Task>> waiting(@Nullable TaskId after, int limit) {
    return searches.byId(
        QueryTerms.notDeleted(QueryTerms.inState(TaskState.UNFINISHED_DEPENDENCY)), after, limit);
  }

  @Override
  public List<Versioned<Task>> unfinished(@Nullable TaskId after, int limit) {
    return searches.byId(QueryTerms.notDeleted(QueryTerms.UNFINISHED), after, limit);
  }

  @Override
  public List<Versioned<Task>> inState(
      TaskKey key, TaskState state, @Nullable TaskId after, int limit) {
    return fresh(
        QueryTerms.notDeleted(QueryTerms.inState(state), QueryTerms.is("key", key.value())),
        after,
        limit);
  }

  @Override
  public List<Versioned<Task>> ofDocuments(
      Collection<DocumentId> documents, @Nullable TaskId after, int limit) {
    refresher.refresh();
    List<String> ids = documents.stream().map(DocumentId::value).toList();
    return searches.byId(QueryTerms.all(QueryTerms.anyOf("document_id", ids)), after, limit);
  }

  @Override
  public List<Versioned<Task>> waitingFor(TaskId dependency, @Nullable TaskId after, int limit) {
    return fresh(
        QueryTerms.notDeleted(
            QueryTerms.inState(TaskState.UNFINISHED_DEPENDENCY, TaskState.FAILED_DEPENDENCY),
            QueryTerms.is("depends_on.id", dependency.value())),
        after,
        limit);
  }

  @Override
  public List<Versioned<Task>> heldBy(String instance, @Nullable TaskId after, int limit) {
    return fresh(
        QueryTerms.notDeleted(
            QueryTerms.inState(TaskState.PROCESSING), QueryTerms.is("lease.instance.id", instance)),
        after,
        limit);
  }

  /** Includes all writes before the first page. */
  private List<Versioned<Task>> fresh(Query query, @Nullable TaskId after, int limit) {
    if (after == null) {
      refresher.refresh();
    }
    return searches.byId(query, after, limit);
  }
}
