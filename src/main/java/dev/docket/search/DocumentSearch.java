package dev.docket.search;

import dev.docket.document.Document;

/**
 * Finds documents; deleted ones are not found. A search sees what was written up to a second ago,
 * unless it is to be fresh.
 */
public interface DocumentSearch {

  /**
   * A page. Blocks.
   *
   * @throws dev.docket.document.StoreUnavailable if the store cannot be searched now
   */
  Page<Document> search(SearchQuery query);
}
