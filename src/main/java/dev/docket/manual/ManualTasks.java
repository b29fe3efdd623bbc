package dev.docket.manual;

import java.util.List;

/** Port to the search for tasks whose current run a person does, or can claim. */
public interface ManualTasks {

  /**
   * Returns a page of tasks, the most important first: by priority, then by age. Blocks.
   *
   * @throws dev.docket.store.StoreUnavailable if the store cannot be searched now
   */
  ManualPage page(ManualQuery query);

  /**
   * Counts the tasks of each key, whatever the key, the cursor and the size of the query. Returns
   * the keys with the most tasks, in order of their names. Blocks.
   *
   * @throws dev.docket.store.StoreUnavailable if the store cannot be searched now
   */
  List<KeyCount> counts(ManualQuery query);
}
