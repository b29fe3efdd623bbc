package dev.docket.counts;

import dev.docket.maintenance.CostThrottle;
import dev.docket.maintenance.Sweep;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts ended tasks, documents and results for {@code GET /stats}. A full count of ended tasks
 * costs more the more there are: milliseconds for a million, seconds for a hundred million. The
 * sweep therefore makes a full count at the start and every few hours. Each run in between only
 * adds the tasks that have ended since, and subtracts those that were run again or deleted, which a
 * {@link DepartureLog} names. If the sum differs from the number of ended tasks for six runs, a
 * full count repairs it early. Recent run times are computed in each run, or less often if that is
 * expensive. Every server runs this sweep, because it takes only a few searches.
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
  private final DepartureLog departures;
  private final LatestCounts latest;
  private final Duration recountInterval;
  private final Clock clock;
  private final CostThrottle fullCount;
  private final CostThrottle recentWork;
  private final CountDifference difference = new CountDifference();
  private @Nullable Settled settled;

  /**
   * The tasks that were ended at a time; they are not counted again before the next full count.
   *
   * @param until the time, a whole second
   */
  private record Settled(Instant recounted, Instant until, EndedTasks tasks) {}

  /**
   * Creates the sweep.
   *
   * @param departures the ended tasks that were run again or deleted
   * @param recountInterval the time between two full counts
   * @param nanos a monotonic clock
   */
  public CountsSweep(
      Counts counts,
      DepartureLog departures,
      LatestCounts latest,
      Duration recountInterval,
      Clock clock,
      LongSupplier nanos) {
    this.counts = counts;
    this.departures = departures;
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
    Instant until = now.minus(SETTLE_TIME).truncatedTo(ChronoUnit.SECONDS);
    Settled previous = settled;
    boolean forgotten =
        previous != null && previous.until().isBefore(now.minus(DepartureLog.RETENTION));
    boolean recount =
        previous == null
            || forgotten
            || difference.persists()
            || !now.isBefore(previous.recounted().plus(recountInterval));
    if (recount && fullCount.due()) {
      recount(now, until);
    } else if (previous != null && !forgotten && until.isAfter(previous.until())) {
      settled = advance(previous, until);
    }
    Settled base = settled;
    if (base != null && !base.until().isBefore(now.minus(DepartureLog.RETENTION))) {
      publish(now, base);
    }
  }

  private void recount(Instant now, Instant until) {
    Instant start = clock.instant();
    EndedTasks tasks = fullCount.run(() -> counts.ended(null, until));
    for (Departure departure : departures.exchange(clock.instant())) {
      // The count found the tasks that left after its start.
      if (departure.wereEndedAt(until) && departure.leftAt().isBefore(start)) {
        tasks = tasks.plus(departure.key(), departure.state(), departure.count());
      }
    }
    settled = new Settled(now, until, tasks);
    difference.recounted();
  }

  /** Adds the tasks that were ended at a later time, and subtracts those that no longer were. */
  private Settled advance(Settled previous, Instant until) {
    Instant start = clock.instant();
    EndedTasks tasks = previous.tasks().plus(counts.ended(previous.until(), until));
    for (Departure departure : departures.exchange(clock.instant())) {
      boolean before = departure.wereEndedAt(previous.until());
      boolean after = departure.wereEndedAt(until);
      if (before && !after) {
        tasks = tasks.plus(departure.key(), departure.state(), -departure.count());
      } else if (!before && after && departure.leftAt().isBefore(start)) {
        tasks = tasks.plus(departure.key(), departure.state(), departure.count());
      }
    }
    return new Settled(previous.recounted(), until, tasks);
  }

  private void publish(Instant now, Settled base) {
    EndedTasks total = base.tasks().plus(counts.ended(base.until(), null));
    for (Departure departure : departures.exchange(clock.instant())) {
      if (departure.wereEndedAt(base.until())) {
        total = total.plus(departure.key(), departure.state(), -departure.count());
      }
    }
    latest.set(new LatestCounts.Ended(now, base.recounted(), total));
    difference.observe(total.total() - counts.endedTotal());
  }
}
