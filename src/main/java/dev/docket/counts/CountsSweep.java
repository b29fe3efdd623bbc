package dev.docket.counts;

import dev.docket.maintenance.CostThrottle;
import dev.docket.maintenance.Sweep;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts what has ended, for {@code GET /stats}. To count all of it costs more the more there is:
 * milliseconds for a million, seconds for a hundred million. So that is done at the start and every
 * few hours; each look in between only adds what has ended since. What was retried or deleted
 * meanwhile is not taken off before the next full count, whose time is noted with the sum. How long
 * things took lately is looked for at each look, less often where that is dear. Every server looks:
 * a few searches a minute are not worth agreeing on who does them.
 */
public final class CountsSweep implements Sweep {

  /** What is lately. */
  public static final Duration RECENT_PERIOD = Duration.ofHours(24);

  /**
   * What ended before this is in the store and found by searches, also if the clocks of the servers
   * are some seconds apart and a write took long. What ended later is counted anew at each look.
   */
  static final Duration SETTLE_TIME = Duration.ofMinutes(2);

  private final Counts counts;
  private final LatestCounts board;
  private final Duration recount;
  private final Clock clock;
  private final CostThrottle full;
  private final CostThrottle recent;
  private @Nullable Settled settled;

  /**
   * What will not be looked at again before the next full count.
   *
   * @param until what ended by then is in it
   */
  private record Settled(Instant recounted, Instant until, EndedTasks tasks) {}

  /**
   * Wires it.
   *
   * @param recount the pause between two full counts
   * @param nanos a monotonic clock
   */
  public CountsSweep(
      Counts counts, LatestCounts board, Duration recount, Clock clock, LongSupplier nanos) {
    this.counts = counts;
    this.board = board;
    this.recount = recount;
    this.clock = clock;
    this.full = new CostThrottle(nanos);
    this.recent = new CostThrottle(nanos);
  }

  @Override
  public String name() {
    return "counts";
  }

  @Override
  public void run() {
    Instant now = clock.instant();
    board.note(new LatestCounts.Holdings(now, counts.stored()));
    try {
      noteRecent(now);
    } finally {
      // One that takes too long does not stand in the way of the other.
      noteEnded(now);
    }
  }

  private void noteRecent(Instant now) {
    if (recent.due()) {
      Instant since = now.minus(RECENT_PERIOD);
      board.note(new LatestCounts.Recent(since, now, recent.take(() -> counts.recent(since))));
    }
  }

  private void noteEnded(Instant now) {
    Settled seen = settle(now);
    if (seen != null) {
      EndedTasks all = seen.tasks().plus(counts.ended(seen.until(), null));
      board.note(new LatestCounts.Ended(now, seen.recounted(), all));
    }
  }

  /** Null while all has never been counted. */
  private @Nullable Settled settle(Instant now) {
    Instant until = now.minus(SETTLE_TIME);
    Settled before = settled;
    if (full.due() && (before == null || !now.isBefore(before.recounted().plus(recount)))) {
      settled = new Settled(now, until, full.take(() -> counts.ended(null, until)));
    } else if (before != null && until.isAfter(before.until())) {
      EndedTasks more = counts.ended(before.until(), until);
      settled = new Settled(before.recounted(), until, before.tasks().plus(more));
    }
    return settled;
  }
}
