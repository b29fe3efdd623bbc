package dev.docket.search;

import dev.docket.audit.AuditRecord;

/**
 * Searches audit records. A search may miss writes of the last second, unless it is {@link
 * SearchQuery#fresh() fresh}.
 */
public interface AuditSearch {

  /**
   * Returns a page of hits. Blocks.
   *
   * @throws dev.docket.store.StoreUnavailable if the store cannot be searched now
   */
  Page<AuditRecord> search(SearchQuery query);

  /**
   * Returns all hits as of now, in the query's order. Ignores the query's cursor, size, skip and
   * facets. Blocks.
   *
   * @throws dev.docket.store.StoreUnavailable if the store cannot be searched now
   */
  Hits<AuditRecord> all(SearchQuery query);
}
