package dev.docket.maintenance;

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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Deletes the tasks of deleted documents: immediately, a minute later, and at the end of an hour,
 * when it also removes the tombstone. The later passes find tasks that were submitted concurrently.
 * An expired document had no tasks; if it has one now, the sweep restores the document instead.
 */
public final class PurgeSweep implements Sweep {

  /** Value of {@code by} in the histories of tasks that are deleted with their document. */
  public static final String BY = "document";

  private static final int PAGE_SIZE = 500;

  private final DocumentService documents;
  private final TaskStore.Sweeps sweeps;
  private final TaskService tasks;
  private final ExpiredRecords expiredRecords;

  public PurgeSweep(
      DocumentService documents,
      TaskStore.Sweeps sweeps,
      TaskService tasks,
      ExpiredRecords expiredRecords) {
    this.documents = documents;
    this.sweeps = sweeps;
    this.tasks = tasks;
    this.expiredRecords = expiredRecords;
  }

  @Override
  public String name() {
    return "purge";
  }

  @Override
  public void run() {
    List<Versioned<Document>> due;
    long changed;
    do {
      due = documents.purgeDue(PAGE_SIZE);
      if (due.isEmpty()) {
        return;
      }
      deleteTasks(due.stream().filter(d -> !d.value().expired()).toList());
      Set<DocumentId> inUse = withTasks(due.stream().filter(d -> d.value().expired()).toList());
      List<CompletableFuture<Boolean>> writes =
          due.stream()
              .map(
                  d ->
                      inUse.contains(d.value().id())
                          ? documents.restore(d)
                          : documents.markPurged(d))
              .map(CompletionStage::toCompletableFuture)
              .toList();
      changed = writes.stream().filter(CompletableFuture::join).count();
    } while (due.size() == PAGE_SIZE && changed > 0);
  }

  private Set<DocumentId> withTasks(List<Versioned<Document>> expired) {
    return expired.isEmpty()
        ? Set.of()
        : expiredRecords.withTasks(expired.stream().map(d -> d.value().id()).toList());
  }

  /** Blocks until the deletion of each task has been written. */
  private void deleteTasks(List<Versioned<Document>> deleted) {
    if (deleted.isEmpty()) {
      return;
    }
    Map<DocumentId, Document> byId = new HashMap<>();
    deleted.forEach(document -> byId.put(document.value().id(), document.value()));
    TaskId after = null;
    List<Versioned<Task>> page;
    do {
      page = sweeps.ofDocuments(byId.keySet(), after, PAGE_SIZE);
      List<CompletableFuture<?>> deletions = new ArrayList<>();
      for (Versioned<Task> found : page) {
        Task task = found.value();
        Document document = byId.get(task.spec().document().id());
        if (document != null && belongsTo(task, document)) {
          deletions.add(
              tasks
                  .execute(task.id(), new Command.Delete(BY))
                  .handle((decision, failure) -> ignoreDeleted(failure))
                  .toCompletableFuture());
        }
      }
      CompletableFuture.allOf(deletions.toArray(CompletableFuture[]::new)).join();
      after = page.isEmpty() ? null : page.get(page.size() - 1).value().id();
    } while (page.size() == PAGE_SIZE);
  }

  /** Excludes the tasks of a document that was registered again after the deletion. */
  private static boolean belongsTo(Task task, Document document) {
    return !task.deleted() && task.spec().document().createdAt().equals(document.purgedCreatedAt());
  }

  private static boolean ignoreDeleted(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause != null && !(cause instanceof TaskNotFound)) {
      throw new CompletionException(cause);
    }
    return true;
  }
}
