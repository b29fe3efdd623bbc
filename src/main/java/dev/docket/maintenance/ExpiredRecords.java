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
 * Finds records that may be old enough to delete, and those that must be kept anyway. All methods
 * block. They run searches, so they lag by the refresh interval unless they refresh first. They do
 * not find records that are being deleted.
 */
public interface ExpiredRecords {

  /**
   * Finds tasks that ended before this time, the earliest first.
   *
   * @param after the last task of the previous page; null for the first page
   */
  List<Versioned<Task>> ended(Instant before, @Nullable Task after, int limit);

  /** Returns those of the tasks for which other tasks wait (412). Refreshes first. */
  Set<TaskId> waitedFor(Collection<TaskId> tasks);

  /**
   * Finds documents that were registered before this time, the earliest first, except those for
   * which the purge of a deleted predecessor is not finished.
   *
   * @param after the last document of the previous page; null for the first page
   */
  List<Versioned<Document>> registered(Instant before, @Nullable Document after, int limit);

  /**
   * Returns those of the documents that have a task, including tasks that are being deleted.
   * Refreshes first.
   */
  Set<DocumentId> withTasks(Collection<DocumentId> documents);
}
