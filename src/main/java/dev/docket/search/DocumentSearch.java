package dev.docket.search;

import dev.docket.document.Document;

/**
 * Searches documents, except deleted ones. A search may miss writes of the last second, unless it
 * is {@link SearchQuery#fresh() fresh}. A search that the store does not support, such as a
 * wildcard in a field without wildcards, fails with {@link dev.docket.http.InvalidRequest}.
 */
public interface DocumentSearch {

  /**
   * Returns a page of hits. Blocks.
   *
   * @throws dev.docket.store.StoreUnavailable if the store cannot be searched now
   */
  Page<Document> search(SearchQuery query);

  /**
   * Returns all hits as of now, in the query's order. Ignores the query's size, cursor, skip and
   * facets. Blocks.
   *
   * @throws dev.docket.store.StoreUnavailable if the store cannot be searched now
   */
  Hits<Document> all(SearchQuery query);
}
