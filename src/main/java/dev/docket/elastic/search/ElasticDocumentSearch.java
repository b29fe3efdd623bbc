package dev.docket.elastic.search;

import dev.docket.document.Document;
import dev.docket.search.DocumentSearch;
import dev.docket.search.Hits;
import dev.docket.search.Page;
import dev.docket.search.SearchQuery;

/** Searches documents in Elasticsearch. */
public final class ElasticDocumentSearch implements DocumentSearch {

  private final FieldSearch<Document> fields;

  public ElasticDocumentSearch(FieldSearch<Document> fields) {
    this.fields = fields;
  }

  @Override
  public Page<Document> search(SearchQuery query) {
    return fields.search(query);
  }

  @Override
  public Hits<Document> all(SearchQuery query) {
    return fields.all(query);
  }
}
