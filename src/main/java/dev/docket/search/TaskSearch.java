package dev.docket.search;

import dev.docket.task.Task;

/**
 * Finds tasks; those being deleted are not found. A search sees what was written up to a second
 * ago, unless it is to be fresh.
 */
public interface TaskSearch {

  /**
   * A page. Blocks.
   *
   * @throws dev.docket.document.StoreUnavailable if the store cannot be searched now
   */
  Page<Task> search(SearchQuery query);
}
