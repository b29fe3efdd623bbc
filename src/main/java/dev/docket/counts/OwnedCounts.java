package dev.docket.counts;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.docket.auth.OwnerFilter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/**
 * The counts of the records that a caller sees, if it does not see all. They are counted when a
 * caller asks, which costs more the more ended tasks it sees, and kept for {@link #KEPT}.
 * Thread-safe.
 */
public final class OwnedCounts {

  /** How old the counts may be. */
  static final Duration KEPT = Duration.ofSeconds(10);

  private static final int MAX_CALLERS = 1_000;

  private final Function<OwnerFilter, Counts> counts;
  private final Function<OwnerFilter, BacklogCounts> backlogs;
  private final Clock clock;
  private final LoadingCache<OwnerFilter, LatestCounts> latest =
      Caffeine.newBuilder().maximumSize(MAX_CALLERS).expireAfterWrite(KEPT).build(this::count);

  /**
   * Creates the counts.
   *
   * @param counts returns counts of the records of these owners only
   * @param backlogs returns counts of the tasks of these owners only
   */
  public OwnedCounts(
      Function<OwnerFilter, Counts> counts,
      Function<OwnerFilter, BacklogCounts> backlogs,
      Clock clock) {
    this.counts = counts;
    this.backlogs = backlogs;
    this.clock = clock;
  }

  /**
   * Counts the records of these owners. Blocks.
   *
   * @throws dev.docket.store.StoreUnavailable if the store cannot be searched now
   */
  LatestCounts of(OwnerFilter owners) {
    return latest.get(owners);
  }

  private LatestCounts count(OwnerFilter owners) {
    Instant now = clock.instant();
    Instant recentSince = now.minus(CountsSweep.RECENT_PERIOD);
    Counts owned = counts.apply(owners);
    LatestCounts counted = new LatestCounts();
    counted.set(new LatestCounts.Records(now, owned.stored()));
    counted.set(new LatestCounts.Open(now, backlogs.apply(owners).backlog(now)));
    counted.set(new LatestCounts.Ended(now, now, owned.ended(null, null)));
    counted.set(new LatestCounts.Recent(recentSince, now, owned.recent(recentSince)));
    return counted;
  }
}
