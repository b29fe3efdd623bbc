package dev.docket.search;

import dev.docket.result.Result;

/**
 * Finds results. A search sees what was written up to a second ago, unless it is to be fresh. What
 * cannot be searched, as words, is {@link dev.docket.http.InvalidRequest}.
 */
public interface ResultSearch {

  /**
   * A page. Blocks.
   *
   * @throws dev.docket.store.StoreUnavailable if the store cannot be searched now
   */
  Page<Result> search(SearchQuery query);

  /**
   * All that is found, as of now, in the query's order; its size, cursor, skip and facets are not
   * looked at. Blocks.
   *
   * @throws dev.docket.store.StoreUnavailable if the store cannot be searched now
   */
  Hits<Result> all(SearchQuery query);
}
