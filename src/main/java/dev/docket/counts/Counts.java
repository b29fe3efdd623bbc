package dev.docket.counts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Counts records. All methods block. Numbers of ended tasks include all earlier writes; other
 * numbers come from searches, which lag by the refresh interval. Records that are being deleted are
 * not counted, unless stated otherwise.
 */
public interface Counts {

  /**
   * Counts ended tasks. The cost grows with their number.
   *
   * @param after counts only tasks that ended after this time; null for no limit
   * @param upTo counts only tasks that ended at or before this time; null for no limit
   */
  EndedTasks ended(@Nullable Instant after, @Nullable Instant upTo);

  /**
   * Returns the number of all ended tasks. The cost grows with the number of open tasks only, not
   * with that of ended ones.
   */
  long endedTotal();

  /** Summarizes the tasks that ended since then. The cost grows with their number. */
  RecentWork recent(Instant since);

  /** Counts documents and results. The cost does not grow with their number. */
  Stored stored();

  /**
   * Numbers of records.
   *
   * @param documents excluding those being deleted
   * @param results of all successful runs, including those of tasks being deleted
   */
  record Stored(long documents, long results) {}
}
