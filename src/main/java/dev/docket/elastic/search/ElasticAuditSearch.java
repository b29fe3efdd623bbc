package dev.docket.elastic.search;

import dev.docket.audit.AuditRecord;
import dev.docket.elastic.index.Refresher;
import dev.docket.search.AuditSearch;

/** Searches audit records in Elasticsearch. */
public final class ElasticAuditSearch extends FieldSearch<AuditRecord> implements AuditSearch {

  public ElasticAuditSearch(RecordSearch<AuditRecord> searches, Refresher refresher) {
    super(searches, refresher, null);
  }
}
