package dev.docket.task;

import dev.docket.document.DocumentId;
import dev.docket.document.DocumentService;
import dev.docket.store.StoreUnavailable;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads documents, each time a run is handed out. */
@FunctionalInterface
public interface CurrentDocuments {

  /** For documents that never change: every copy is current. */
  CurrentDocuments NEVER_CHANGED = id -> CompletableFuture.completedStage(Optional.empty());

  /**
   * Returns a copy of the document as its latest write left it; empty if it does not exist or is
   * deleted. The stage fails with {@link StoreUnavailable}.
   */
  CompletionStage<Optional<TaskSpec.DocumentCopy>> find(DocumentId id);

  /** Reads from the service. */
  static CurrentDocuments of(DocumentService documents) {
    return id ->
        documents.findWithoutMetadata(id).thenApply(found -> found.map(TaskSpec.DocumentCopy::of));
  }
}
