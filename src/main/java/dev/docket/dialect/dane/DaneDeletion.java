package dev.docket.dialect.dane;

import dev.docket.audit.Actor;
import dev.docket.concurrent.Stages;
import dev.docket.document.AuditedDocuments;
import dev.docket.document.DocumentId;
import dev.docket.document.DocumentNotFound;
import dev.docket.task.DocumentTasks;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Deletes documents together with their tasks before the call returns, because DANE's clients
 * register and assign again right afterwards. If the server crashes or the store is unavailable
 * meanwhile, the purge sweep deletes the remaining tasks.
 */
final class DaneDeletion {

  private final AuditedDocuments documents;
  private final DocumentTasks tasks;

  DaneDeletion(AuditedDocuments documents, DocumentTasks tasks) {
    this.documents = documents;
    this.tasks = tasks;
  }

  /** Deletes those of the documents that exist, and returns whether there are any. Blocks. */
  boolean delete(Actor actor, Collection<DocumentId> ids) {
    Map<DocumentId, Instant> deleted = new ConcurrentHashMap<>();
    Stages.join(Stages.all(ids.stream().distinct().map(id -> delete(actor, id, deleted)).toList()));
    tasks.delete(deleted);
    return !deleted.isEmpty();
  }

  private CompletionStage<?> delete(Actor actor, DocumentId id, Map<DocumentId, Instant> deleted) {
    return Stages.ignore(
        DocumentNotFound.class,
        documents
            .delete(actor, id, document -> true)
            .thenAccept(document -> deleted.put(id, document.createdAt())));
  }
}
