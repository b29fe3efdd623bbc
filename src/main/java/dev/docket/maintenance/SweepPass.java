package dev.docket.maintenance;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A pass through all records of a kind, a few pages in each run of a sweep, so that a large store
 * does not delay other work. Not thread-safe.
 */
final class SweepPass<T> {

  /** Minimum time between the starts of two passes. */
  static final Duration INTERVAL = Duration.ofDays(1);

  private final int pageSize;
  private final int pagesPerRun;
  private @Nullable T position;
  private @Nullable Instant start;

  SweepPass(int pageSize, int pagesPerRun) {
    this.pageSize = pageSize;
    this.pagesPerRun = pagesPerRun;
  }

  /**
   * Continues the pass. If it is complete, starts the next one, but not too early.
   *
   * @param page processes the page after a record, null for the first page, and returns its records
   */
  void run(Instant now, Function<@Nullable T, List<T>> page) {
    if (position == null) {
      if (start != null && now.isBefore(start.plus(INTERVAL))) {
        return;
      }
      start = now;
    }
    int pages = 0;
    do {
      List<T> records = page.apply(position);
      position = records.size() == pageSize ? records.get(pageSize - 1) : null;
      pages++;
    } while (position != null && pages < pagesPerRun);
  }
}
