package dev.docket.dialect.dane;

import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.document.DocumentService;
import dev.docket.store.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskService;
import dev.docket.task.TaskStore;
import dev.docket.task.machine.Command;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Deletes documents together with their tasks before the call returns, because DANE's clients
 * register and assign again right afterwards. If the server crashes or the store is unavailable
 * meanwhile, the purge sweep deletes the remaining tasks.
 */
final class DaneDeletion {

  private static final int PAGE_SIZE = 500;

  /** Who deletes the tasks, in their history and events; the purge sweep uses the same name. */
  private static final String BY = "document";

  private final DocumentService documents;
  private final TaskService tasks;
  private final TaskStore.Sweeps sweeps;

  DaneDeletion(DocumentService documents, TaskService tasks, TaskStore.Sweeps sweeps) {
    this.documents = documents;
    this.tasks = tasks;
    this.sweeps = sweeps;
  }

  /** Deletes those of the documents that exist, and returns whether there are any. Blocks. */
  boolean delete(List<DocumentId> ids) {
    Map<DocumentId, Document> existing = new HashMap<>(join(documents.get(ids)));
    List<CompletableFuture<Void>> deletions = new ArrayList<>();
    for (DocumentId id : existing.keySet()) {
      deletions.add(
          documents
              .delete(id)
              .exceptionallyCompose(
                  failure ->
                      DaneParameters.isNotFound(failure)
                          ? CompletableFuture.completedStage(null)
                          : CompletableFuture.failedStage(failure))
              .toCompletableFuture());
    }
    join(CompletableFuture.allOf(deletions.toArray(CompletableFuture[]::new)));
    deleteTasks(existing);
    return !existing.isEmpty();
  }

  private void deleteTasks(Map<DocumentId, Document> deleted) {
    TaskId after = null;
    List<Versioned<Task>> page = List.of();
    do {
      if (!deleted.isEmpty()) {
        page = sweeps.ofDocuments(deleted.keySet(), after, PAGE_SIZE);
      }
      List<CompletableFuture<Void>> deletions = new ArrayList<>();
      for (Versioned<Task> found : page) {
        Task task = found.value();
        after = task.id();
        if (!task.deleted() && belongsTo(task, deleted)) {
          deletions.add(delete(task));
        }
      }
      join(CompletableFuture.allOf(deletions.toArray(CompletableFuture[]::new)));
    } while (page.size() == PAGE_SIZE);
  }

  private CompletableFuture<Void> delete(Task task) {
    return tasks
        .execute(task.id(), new Command.Delete(BY))
        .<Void>thenApply(decision -> null)
        .exceptionallyCompose(
            failure ->
                DaneParameters.cause(failure) instanceof TaskNotFound
                    ? CompletableFuture.completedStage(null)
                    : CompletableFuture.failedStage(failure))
        .toCompletableFuture();
  }

  /** Excludes the tasks of a document that was registered again meanwhile. */
  private static boolean belongsTo(Task task, Map<DocumentId, Document> deleted) {
    Document document = deleted.get(task.spec().document().id());
    return document != null && document.createdAt().equals(task.spec().document().createdAt());
  }

  private static <T> T join(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
