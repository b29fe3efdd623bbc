package dev.docket.counts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Counts what is stored. These block, and are searches: they lag by the refresh interval. What is
 * being deleted is left out where that is not said otherwise.
 */
public interface Counts {

  /**
   * How many tasks have ended. The cost grows with their number.
   *
   * @param after only those that ended after this; null: all
   * @param upTo only those that ended by this; null: all
   */
  EndedTasks ended(@Nullable Instant after, @Nullable Instant upTo);

  /** What has ended since then. The cost grows with its number. */
  RecentWork recent(Instant since);

  /** How many records there are; the cost does not grow with their number. */
  Stored stored();

  /**
   * Records.
   *
   * @param documents without those being deleted
   * @param results also of runs that have not ended yet, and of tasks being deleted
   */
  record Stored(long documents, long results) {}
}
