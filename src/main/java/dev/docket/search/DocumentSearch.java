package dev.docket.search;

import dev.docket.document.Document;

/**
 * Finds documents; deleted ones are not found. A search sees what was written up to a second ago,
 * unless it is to be fresh. What cannot be searched, as a wildcard where there is none, is {@link
 * dev.docket.http.InvalidRequest}.
 */
public interface DocumentSearch {

  /**
   * A page. Blocks.
   *
   * @throws dev.docket.store.StoreUnavailable if the store cannot be searched now
   */
  Page<Document> search(SearchQuery query);

  /**
   * All that is found, as of now, in the query's order; its size, cursor, skip and facets are not
   * looked at. Blocks.
   *
   * @throws dev.docket.store.StoreUnavailable if the store cannot be searched now
   */
  Hits<Document> all(SearchQuery query);
}
