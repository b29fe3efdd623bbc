package dev.docket.search;

import dev.docket.task.Task;

/**
 * Searches tasks, except those that are being deleted. A search may miss writes of the last second,
 * unless it is {@link SearchQuery#fresh() fresh}. A search that the store does not support, such as
 * a wildcard in a field without wildcards, fails with {@link dev.docket.http.InvalidRequest}.
 */
public interface TaskSearch {

  /**
   * Returns a page of hits. Blocks.
   *
   * @throws dev.docket.store.StoreUnavailable if the store cannot be searched now
   */
  Page<Task> search(SearchQuery query);

  /**
   * Returns all hits as of now, in the query's order. Ignores the query's size, cursor, skip and
   * facets. Blocks.
   *
   * @throws dev.docket.store.StoreUnavailable if the store cannot be searched now
   */
  Hits<Task> all(SearchQuery query);
}
