package dev.docket.counts;

import dev.docket.maintenance.CostThrottle;
import dev.docket.maintenance.Sweep;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts ended tasks, documents and results for {@code GET /stats}. A full count of ended tasks
 * costs more the more there are: milliseconds for a million, seconds for a hundred million. The
 * sweep therefore makes a full count at the start and every few hours, and each run in between only
 * adds the tasks that have ended since. Tasks that were retried or deleted are subtracted by the
 * next full count, whose time is reported with the sum. Recent run times are computed in each run,
 * or less often if that is expensive. Every server runs this sweep, because it takes only a few
 * searches a minute.
 */
public final class CountsSweep implements Sweep {

  /** The period that {@link RecentWork} covers. */
  public static final Duration RECENT_PERIOD = Duration.ofHours(24);

  /**
   * Searches find every task that ended longer ago than this, even if the servers' clocks differ by
   * some seconds and a write took long. Tasks that ended later are counted again in each run.
   */
  static final Duration SETTLE_TIME = Duration.ofMinutes(2);

  private final Counts counts;
  private final LatestCounts latest;
  private final Duration recountInterval;
  private final Clock clock;
  private final CostThrottle fullCount;
  private final CostThrottle recentWork;
  private @Nullable Settled settled;

  /**
   * Ended tasks that are not counted again before the next full count.
   *
   * @param until includes the tasks that ended by this time
   */
  private record Settled(Instant recounted, Instant until, EndedTasks tasks) {}

  /**
   * Creates the sweep.
   *
   * @param recountInterval the time between two full counts
   * @param nanos a monotonic clock
   */
  public CountsSweep(
      Counts counts,
      LatestCounts latest,
      Duration recountInterval,
      Clock clock,
      LongSupplier nanos) {
    this.counts = counts;
    this.latest = latest;
    this.recountInterval = recountInterval;
    this.clock = clock;
    this.fullCount = new CostThrottle(nanos);
    this.recentWork = new CostThrottle(nanos);
  }

  @Override
  public String name() {
    return "counts";
  }

  @Override
  public void run() {
    Instant now = clock.instant();
    latest.set(new LatestCounts.Records(now, counts.stored()));
    try {
      updateRecent(now);
    } finally {
      // A timeout of one count must not prevent the other.
      updateEnded(now);
    }
  }

  private void updateRecent(Instant now) {
    if (recentWork.due()) {
      Instant since = now.minus(RECENT_PERIOD);
      latest.set(new LatestCounts.Recent(since, now, recentWork.run(() -> counts.recent(since))));
    }
  }

  private void updateEnded(Instant now) {
    Settled base = settle(now);
    if (base != null) {
      EndedTasks total = base.tasks().plus(counts.ended(base.until(), null));
      latest.set(new LatestCounts.Ended(now, base.recounted(), total));
    }
  }

  /** Returns null until a full count has succeeded. */
  private @Nullable Settled settle(Instant now) {
    Instant until = now.minus(SETTLE_TIME);
    Settled previous = settled;
    if (fullCount.due()
        && (previous == null || !now.isBefore(previous.recounted().plus(recountInterval)))) {
      settled = new Settled(now, until, fullCount.run(() -> counts.ended(null, until)));
    } else if (previous != null && until.isAfter(previous.until())) {
      EndedTasks added = counts.ended(previous.until(), until);
      settled = new Settled(previous.recounted(), until, previous.tasks().plus(added));
    }
    return settled;
  }
}
