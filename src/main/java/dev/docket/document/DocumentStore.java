package dev.docket.document;

import dev.docket.store.StoreUnavailable;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Stores documents. Reads by id see the latest write; searches lag by the refresh interval. Stages
 * complete on the store's own threads, so dependent stages must not block.
 *
 * <p>If the store is unreachable, a read fails with {@link StoreUnavailable} and a write completes
 * with {@link WriteOutcome.Unknown}.
 */
public interface DocumentStore {

  /** Creates a record; {@link WriteOutcome.Conflict} if the id is taken. */
  CompletionStage<WriteOutcome> create(Document document);

  /** Replaces a record if it still has this version. */
  CompletionStage<WriteOutcome> replace(Document document, Version expected);

  /** Removes a record if it still has this version. */
  CompletionStage<WriteOutcome> remove(DocumentId id, Version expected);

  /** Reads a record, including a deleted one. */
  CompletionStage<Optional<Versioned<Document>>> find(DocumentId id);

  /** Reads a record without its metadata, including a deleted one. */
  default CompletionStage<Optional<Document>> findWithoutMetadata(DocumentId id) {
    return find(id).thenApply(found -> found.map(Versioned::value));
  }

  /** Reads the records that exist, including deleted ones; at most 1000 ids. */
  CompletionStage<Map<DocumentId, Versioned<Document>>> find(Collection<DocumentId> ids);

  /** Searches for documents whose {@code purge_due} has passed, earliest first. Blocks. */
  List<Versioned<Document>> purgeDue(Instant now, int limit);
}
