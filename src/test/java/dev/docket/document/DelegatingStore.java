package dev.docket.document;

import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A store that passes all calls on, for tests that intercept some of them. */
interface DelegatingStore extends DocumentStore {

  DocumentStore delegate();

  @Override
  default CompletionStage<WriteOutcome> create(Document document) {
    return delegate().create(document);
  }

  @Override
  default CompletionStage<WriteOutcome> replace(Document document, Version expected) {
    return delegate().replace(document, expected);
  }

  @Override
  default CompletionStage<WriteOutcome> remove(DocumentId id, Version expected) {
    return delegate().remove(id, expected);
  }

  @Override
  default CompletionStage<Optional<Versioned<Document>>> find(DocumentId id) {
    return delegate().find(id);
  }

  @Override
  default CompletionStage<Map<DocumentId, Versioned<Document>>> find(Collection<DocumentId> ids) {
    return delegate().find(ids);
  }

  @Override
  default List<Versioned<Document>> purgeDue(Instant now, int limit) {
    return delegate().purgeDue(now, limit);
  }
}
