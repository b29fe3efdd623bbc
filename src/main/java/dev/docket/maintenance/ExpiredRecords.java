package dev.docket.maintenance;

import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.store.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds what may be too old to be kept, and what must be kept all the same. These block, and are
 * searches: they lag by the refresh interval unless they say that they refresh. What is being
 * deleted is not found.
 */
public interface ExpiredRecords {

  /**
   * Tasks that ended before this, the earliest first.
   *
   * @param after the last one of the page before, null for the first page
   */
  List<Versioned<Task>> ended(Instant before, @Nullable Task after, int limit);

  /** Those of these tasks for which others wait (412). Refreshes first. */
  Set<TaskId> waitedFor(Collection<TaskId> tasks);

  /**
   * Documents that were registered before this, the earliest first; without those whose
   * predecessors' tasks are still looked for.
   *
   * @param after the last one of the page before, null for the first page
   */
  List<Versioned<Document>> registered(Instant before, @Nullable Document after, int limit);

  /**
   * Those of these documents that have any task, also one that is being deleted. Refreshes first.
   */
  Set<DocumentId> withTasks(Collection<DocumentId> documents);
}
