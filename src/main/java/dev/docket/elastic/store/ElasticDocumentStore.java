package dev.docket.elastic.store;

import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.document.DocumentStore;
import dev.docket.elastic.search.QueryTerms;
import dev.docket.elastic.search.RecordSearch;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Stores documents in Elasticsearch. */
public final class ElasticDocumentStore implements DocumentStore {

  /** The fields that contain the metadata and its searchable copies. */
  public static final List<String> METADATA_FIELDS =
      List.of("metadata", "metadata_search", "words");

  private final RecordStore<Document> records;
  private final RecordSearch<Document> searches;
  private final BatchReader<Document> withoutMetadata;

  /**
   * Creates the store.
   *
   * @param withoutMetadata reads without {@link #METADATA_FIELDS}, because a read for each run that
   *     is handed out should not cost more if the metadata is large
   */
  public ElasticDocumentStore(
      RecordStore<Document> records,
      RecordSearch<Document> searches,
      BatchReader<Document> withoutMetadata) {
    this.records = records;
    this.searches = searches;
    this.withoutMetadata = withoutMetadata;
  }

  @Override
  public CompletionStage<WriteOutcome> create(Document document) {
    return records.create(document.id().value(), document);
  }

  @Override
  public CompletionStage<WriteOutcome> replace(Document document, Version seen) {
    return records.replace(document.id().value(), document, seen);
  }

  @Override
  public CompletionStage<WriteOutcome> remove(DocumentId id, Version seen) {
    return records.remove(id.value(), seen);
  }

  @Override
  public CompletionStage<Optional<Versioned<Document>>> find(DocumentId id) {
    return records.find(id.value());
  }

  @Override
  public CompletionStage<Optional<Document>> findWithoutMetadata(DocumentId id) {
    return withoutMetadata.find(id.value()).thenApply(found -> found.map(Versioned::value));
  }

  @Override
  public CompletionStage<Map<DocumentId, Versioned<Document>>> find(Collection<DocumentId> ids) {
    return records.find(ids, DocumentId::value, Document::id);
  }

  @Override
  public List<Versioned<Document>> purgeDue(Instant now, int limit) {
    return searches.sorted(
        QueryTerms.notAfter("purge_due", now),
        QueryTerms.oldestFirst("purge_due"),
        List.of(),
        limit);
  }
}
