package dev.docket.task;

import dev.docket.document.DocumentId;
import dev.docket.store.Versioned;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the tasks of documents. Blocks. */
public interface TasksOfDocuments {

  /**
   * Finds all tasks of these documents, including those that are being deleted, in order of id.
   * Refreshes first.
   *
   * @param after the last id of the previous page; null for the first page
   */
  List<Versioned<Task>> ofDocuments(
      Collection<DocumentId> documents, @Nullable TaskId after, int limit);
}
