package dev.docket.task;

import dev.docket.document.DocumentId;
import dev.docket.store.Versioned;
import dev.docket.task.machine.Command;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The tasks of documents that are deleted. */
public final class DocumentTasks {

  /** The name in {@code by} of tasks that are deleted with their document. */
  public static final String BY = "document";

  private static final int PAGE_SIZE = 500;

  private final TaskStore.Sweeps sweeps;
  private final TaskService tasks;

  public DocumentTasks(TaskStore.Sweeps sweeps, TaskService tasks) {
    this.sweeps = sweeps;
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
      page = sweeps.ofDocuments(deleted.keySet(), after, PAGE_SIZE);
      List<CompletableFuture<?>> deletions = new ArrayList<>();
      for (Versioned<Task> found : page) {
        Task task = found.value();
        after = task.id();
        TaskSpec.DocumentCopy document = task.spec().document();
        if (!task.deleted() && document.createdAt().equals(deleted.get(document.id()))) {
          deletions.add(
              tasks
                  .execute(task.id(), new Command.Delete(BY))
                  .handle((decision, failure) -> ignoreDeleted(failure))
                  .toCompletableFuture());
        }
      }
      join(deletions);
    } while (page.size() == PAGE_SIZE);
  }

  private static void join(List<CompletableFuture<?>> deletions) {
    try {
      CompletableFuture.allOf(deletions.toArray(CompletableFuture[]::new)).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private static boolean ignoreDeleted(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause != null && !(cause instanceof TaskNotFound)) {
      throw new CompletionException(cause);
    }
    return true;
  }
}
