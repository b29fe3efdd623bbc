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
 * Keeps documents. Reads by id see the latest write; searches lag by the refresh interval. Stages
 * complete on the store's own threads: whoever continues on one must not block.
 *
 * <p>A store that cannot be reached fails a read with {@link StoreUnavailable}; a write says {@link
 * Saved.Unknown}.
 */
public interface DocumentStore {

  /** Writes a record that is not there yet; {@link WriteOutcome.Stale} if the id is taken. */
  CompletionStage<WriteOutcome> create(Document document);

  /** Writes over the version that was seen. */
  CompletionStage<WriteOutcome> replace(Document document, Version seen);

  /** Removes the version that was seen. */
  CompletionStage<WriteOutcome> remove(DocumentId id, Version seen);

  /** The record, deleted ones too. */
  CompletionStage<Optional<Versioned<Document>>> find(DocumentId id);

  /** The records that are there, deleted ones too; at most 1000 ids. */
  CompletionStage<Map<DocumentId, Versioned<Document>>> find(Collection<DocumentId> ids);

  /** Documents whose {@code purge_due} has come, the longest due first. A search; blocks. */
  List<Versioned<Document>> purgeDue(Instant now, int limit);
}
