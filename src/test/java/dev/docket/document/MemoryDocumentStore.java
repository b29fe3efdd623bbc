package dev.docket.document;

import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An in-memory document store for tests. Returns completed stages. */
public final class MemoryDocumentStore implements DocumentStore {

  private final MemoryRecords<DocumentId, Document> records = new MemoryRecords<>(Document::id);

  /** All records, including deleted ones, in no particular order. */
  public List<Versioned<Document>> all() {
    return records.all();
  }

  @Override
  public CompletionStage<WriteOutcome> create(Document document) {
    return CompletableFuture.completedStage(records.create(document));
  }

  @Override
  public CompletionStage<WriteOutcome> replace(Document document, Version version) {
    return CompletableFuture.completedStage(records.replace(document, version));
  }

  @Override
  public CompletionStage<WriteOutcome> remove(DocumentId id, Version version) {
    return CompletableFuture.completedStage(records.remove(id, version));
  }

  @Override
  public CompletionStage<Optional<Versioned<Document>>> find(DocumentId id) {
    return CompletableFuture.completedStage(records.find(id));
  }

  @Override
  public CompletionStage<Map<DocumentId, Versioned<Document>>> find(Collection<DocumentId> ids) {
    return CompletableFuture.completedStage(records.find(ids));
  }

  @Override
  public List<Versioned<Document>> purgeDue(Instant now, int limit) {
    return all().stream()
        .filter(d -> d.value().purgeDue() != null && !d.value().purgeDue().isAfter(now))
        .sorted(
            Comparator.comparing((Versioned<Document> d) -> d.value().purgeDue())
                .thenComparing(d -> d.value().id().value()))
        .limit(limit)
        .toList();
  }
}
