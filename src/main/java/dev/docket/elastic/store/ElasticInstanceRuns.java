package dev.docket.elastic.store;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOrder;
import dev.docket.elastic.index.Refresher;
import dev.docket.elastic.search.QueryTerms;
import dev.docket.elastic.search.RecordSearch;
import dev.docket.store.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import dev.docket.workerapi.InstanceRuns;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the runs of one process of a worker. */
public final class ElasticInstanceRuns implements InstanceRuns {

  private final RecordSearch<Task> searches;
  private final Refresher refresher;

  public ElasticInstanceRuns(RecordSearch<Task> searches, Refresher refresher) {
    this.searches = searches;
    this.refresher = refresher;
  }

  @Override
  public List<Versioned<Task>> heldBy(String instance, @Nullable TaskId after, int limit) {
    if (after == null) {
      refresher.refresh();
    }
    return searches.sorted(
        QueryTerms.notDeleted(
            List.of(
                QueryTerms.is("state", String.valueOf(TaskState.PROCESSING.number())),
                QueryTerms.is("lease.instance.id", instance))),
        List.of(QueryTerms.sort("id", SortOrder.Asc)),
        after == null ? List.of() : List.of(FieldValue.of(after.value())),
        limit);
  }
}
