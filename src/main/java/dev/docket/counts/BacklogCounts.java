package dev.docket.counts;

import java.time.Instant;
import java.util.List;

/** Counts open tasks. Blocks, and lags by the refresh interval. */
public interface BacklogCounts {

  /**
   * Counts the tasks that have not ended, by key and state, in no particular order, for at most
   * {@link Backlog#MAX_KEYS} keys, those with the most tasks. Tasks that are being deleted are not
   * counted.
   *
   * @param now tasks that are due later count as delayed
   */
  List<Backlog> backlog(Instant now);
}
