package dev.docket.counts;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the difference between the incremental count of ended tasks and their real number. While
 * tasks change, it varies; if it stays the same for some runs, the count is wrong. Not thread-safe.
 */
final class CountDifference {

  private static final Logger LOG = LoggerFactory.getLogger(CountDifference.class);

  private static final int MIN_RUNS = 6;

  private long latest;
  private int runs;

  /** The difference that a full count did not remove; a further one would not either. */
  private long unexplained;

  private boolean justRecounted;

  /** Records the difference of a run. */
  void observe(long difference) {
    if (justRecounted) {
      unexplained = difference;
      justRecounted = false;
    }
    runs = difference == latest ? runs + 1 : 1;
    latest = difference;
    if (runs == MIN_RUNS && persists()) {
      LOG.info(
          "The number of ended tasks differs by {} from the sum of the latest counts;"
              + " counting all of them again",
          difference);
    }
  }

  /** Whether a full count is needed. */
  boolean persists() {
    return latest != 0 && latest != unexplained && runs >= MIN_RUNS;
  }

  /** A full count has succeeded. */
  void recounted() {
    justRecounted = true;
    runs = 0;
  }
}
