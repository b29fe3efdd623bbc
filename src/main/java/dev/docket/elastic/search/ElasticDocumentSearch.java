package dev.docket.elastic.search;

import dev.docket.document.Document;
import dev.docket.elastic.index.Refresher;
import dev.docket.search.DocumentSearch;

/** Searches documents in Elasticsearch. */
public final class ElasticDocumentSearch extends FieldSearch<Document> implements DocumentSearch {

  public ElasticDocumentSearch(RecordSearch<Document> searches, Refresher refresher) {
    super(searches, refresher, "words");
  }
}
