package dev.docket.search.record;

import java.time.Duration;
import java.util.Set;

/** Searches documents, tasks and results together. All calls block. */
public interface RecordQueries {

  /** The maximum number of values that a search can collect for use in another search. */
  int MAX_VALUES = 65_536;

  /**
   * Makes all earlier writes of records of these kinds visible to new snapshots.
   *
   * @throws dev.docket.store.StoreUnavailable if the store does not respond
   */
  void refresh(Set<SearchedKind> kinds);

  /**
   * Opens a snapshot of all records.
   *
   * @param keepAlive how long the store keeps it after each use
   * @throws dev.docket.store.StoreUnavailable if the store does not respond
   */
  RecordSnapshot open(Duration keepAlive);

  /**
   * Continues with a snapshot, maybe of another server. Does not check that it still exists.
   *
   * @param id the {@linkplain RecordSnapshot#id id} of the snapshot
   */
  RecordSnapshot reopen(String id, Duration keepAlive);
}
