package dev.docket.elastic.store;

import co.elastic.clients.elasticsearch._types.SortOrder;
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

  private final RecordStore<Document> records;
  private final RecordSearch<Document> searches;

  public ElasticDocumentStore(RecordStore<Document> records, RecordSearch<Document> searches) {
    this.records = records;
    this.searches = searches;
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
  public CompletionStage<Map<DocumentId, Versioned<Document>>> find(Collection<DocumentId> ids) {
    return records.find(ids, DocumentId::value, Document::id);
  }

  @Override
  public List<Versioned<Document>> purgeDue(Instant now, int limit) {
    return searches.sorted(
        QueryTerms.notAfter("purge_due", now),
        List.of(QueryTerms.sort("purge_due", SortOrder.Asc), QueryTerms.sort("id", SortOrder.Asc)),
        List.of(),
        limit);
  }
}
