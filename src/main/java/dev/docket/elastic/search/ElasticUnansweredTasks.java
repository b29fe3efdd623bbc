package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import dev.docket.maintenance.UnansweredTasks;
import dev.docket.store.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds tasks without a reply, and the tasks that were before and after them in their queue. */
public final class ElasticUnansweredTasks implements UnansweredTasks {

  private static final TaskState[] WAITING_OR_RUNNING = {
    TaskState.CREATED, TaskState.TASK_RESET, TaskState.QUEUED, TaskState.PROCESSING
  };

  private final RecordSearch<Task> searches;

  public ElasticUnansweredTasks(RecordSearch<Task> searches) {
    this.searches = searches;
  }

  @Override
  public List<Versioned<Task>> unanswered(Instant now, @Nullable Task after, int limit) {
    return searches.sorted(
        QueryTerms.notDeleted(
            QueryTerms.inState(TaskState.QUEUED, TaskState.PROCESSING),
            QueryTerms.notAfter("unanswered_after", now)),
        QueryTerms.oldestFirst("unanswered_after"),
        after == null || after.run().unansweredAfter() == null
            ? List.of()
            : QueryTerms.sortValues(after.run().unansweredAfter(), after.id()),
        limit);
  }

  @Override
  public boolean isOvertaken(Task task) {
    Instant dispatched = task.run().dispatchedAt();
    return dispatched != null
        && anyOfRoute(task, QueryTerms.FINISHED, QueryTerms.after("dispatched_at", dispatched));
  }

  @Override
  public boolean isBehindOlderTask(Task task) {
    return anyOfRoute(
        task,
        QueryTerms.inState(WAITING_OR_RUNNING),
        QueryTerms.before("created_at", task.createdAt()));
  }

  private boolean anyOfRoute(Task task, Query states, Query timeRange) {
    Query sameRoute =
        QueryTerms.notDeleted(
            states,
            timeRange,
            QueryTerms.is("courier", task.run().protocol()),
            QueryTerms.is("key", task.key().value()),
            QueryTerms.is("target.type", task.spec().document().target().type().wire()),
            QueryTerms.is("priority", String.valueOf(task.spec().priority())));
    return searches.any(sameRoute);
  }
}
