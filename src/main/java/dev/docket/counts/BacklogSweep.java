package dev.docket.counts;

import dev.docket.maintenance.Sweep;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Counts open tasks periodically, so that neither {@code GET /stats} nor a scrape of the metrics
 * runs a search. While the store is unavailable the latest counts stay, with their time.
 */
public final class BacklogSweep implements Sweep {

  private final BacklogCounts counts;
  private final Supplier<Optional<String>> healthError;
  private final LatestCounts latest;
  private final BacklogListener listener;
  private final Clock clock;

  /**
   * Creates the sweep.
   *
   * @param healthError why the store is unavailable; sends a request to it
   */
  public BacklogSweep(
      BacklogCounts counts,
      Supplier<Optional<String>> healthError,
      LatestCounts latest,
      BacklogListener listener,
      Clock clock) {
    this.counts = counts;
    this.healthError = healthError;
    this.latest = latest;
    this.listener = listener;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "backlog";
  }

  @Override
  public void run() {
    try {
      boolean healthy = healthError.get().isEmpty();
      Instant now = clock.instant();
      List<Backlog> open = counts.backlog(now);
      latest.set(new LatestCounts.Open(now, open));
      listener.counted(open, healthy);
    } catch (RuntimeException failure) {
      listener.failed();
      throw failure;
    }
  }
}
