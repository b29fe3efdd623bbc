package dev.docket.counts;

import java.util.List;

/**
 * Receives the counts of open tasks after each run of {@link BacklogSweep}, on its thread. Must not
 * block.
 */
public interface BacklogListener {

  /**
   * The sweep counted the open tasks.
   *
   * @param storeHealthy whether the store reported no error
   */
  void counted(List<Backlog> open, boolean storeHealthy);

  /** The store is unavailable, so the sweep could not count. */
  void failed();
}
