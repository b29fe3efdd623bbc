package dev.docket.search;

import dev.docket.result.Result;

/**
 * Searches results of successful runs. The filter {@code latest} is {@code true} for results of
 * each task's latest successful run that left any, and {@code false} for those of earlier runs;
 * without it, a search finds both. A search may miss writes of the last second, unless it is {@link
 * SearchQuery#fresh() fresh}. A search that the store does not support, such as a full-text search,
 * fails with {@link dev.docket.http.InvalidRequest}.
 */
public interface ResultSearch {

  /**
   * Returns a page of hits. Its total is always exact. Blocks.
   *
   * @throws dev.docket.store.StoreUnavailable if the store cannot be searched now
   */
  Page<Result> search(SearchQuery query);

  /**
   * Returns all hits as of now, in the query's order. Ignores the query's cursor, skip and facets;
   * its size is the number of hits that are read at a time. Blocks.
   *
   * @throws dev.docket.store.StoreUnavailable if the store cannot be searched now
   */
  Hits<Result> all(SearchQuery query);
}
