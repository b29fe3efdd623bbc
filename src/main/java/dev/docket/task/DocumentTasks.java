package dev.docket.task;

import dev.docket.concurrent.Stages;
import dev.docket.document.DocumentId;
import dev.docket.store.Versioned;
import dev.docket.task.machine.Command;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The tasks of documents that are deleted. */
public final class DocumentTasks {

  /** The name in {@code by} of tasks that are deleted with their document. */
  public static final String BY = "document";

  private static final int PAGE_SIZE = 500;

  private final TasksOfDocuments search;
  private final TaskService tasks;

  public DocumentTasks(TasksOfDocuments search, TaskService tasks) {
    this.search = search;
    this.tasks = tasks;
  }

  /**
   * Deletes the tasks of documents. Blocks until each deletion is written.
   *
   * @param deleted the creation time of each document; tasks of a document that was registered
   *     again under the same id are excluded
   * @throws dev.docket.store.StoreUnavailable if some may remain
   */
  public void delete(Map<DocumentId, Instant> deleted) {
    if (deleted.isEmpty()) {
      return;
    }
    TaskId after = null;
    List<Versioned<Task>> page;
    do {
      page = search.ofDocuments(deleted.keySet(), after, PAGE_SIZE);
      List<CompletionStage<?>> deletions = new ArrayList<>();
      for (Versioned<Task> found : page) {
        Task task = found.value();
        after = task.id();
        TaskSpec.DocumentCopy document = task.spec().document();
        if (!task.deleted() && document.createdAt().equals(deleted.get(document.id()))) {
          deletions.add(
              Stages.ignore(
                  TaskNotFound.class, tasks.execute(task.id(), new Command.Delete(BY, null))));
        }
      }
      Stages.join(Stages.all(deletions));
    } while (page.size() == PAGE_SIZE);
  }
}
