package dev.docket.dialect.dane;

import dev.docket.concurrent.Stages;
import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.document.DocumentService;
import dev.docket.task.DocumentTasks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Deletes documents together with their tasks before the call returns, because DANE's clients
 * register and assign again right afterwards. If the server crashes or the store is unavailable
 * meanwhile, the purge sweep deletes the remaining tasks.
 */
final class DaneDeletion {

  private final DocumentService documents;
  private final DocumentTasks tasks;

  DaneDeletion(DocumentService documents, DocumentTasks tasks) {
    this.documents = documents;
    this.tasks = tasks;
  }

  /** Deletes those of the documents that exist, and returns whether there are any. Blocks. */
  boolean delete(List<DocumentId> ids) {
    Map<DocumentId, Document> existing = new HashMap<>(Stages.join(documents.get(ids)));
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
    Stages.join(CompletableFuture.allOf(deletions.toArray(CompletableFuture[]::new)));
    Map<DocumentId, Instant> deleted = new HashMap<>();
    existing.forEach((id, document) -> deleted.put(id, document.createdAt()));
    tasks.delete(deleted);
    return !existing.isEmpty();
  }
}
