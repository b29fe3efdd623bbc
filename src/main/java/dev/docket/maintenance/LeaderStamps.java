package dev.docket.maintenance;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The content of the leader's stamps: its time, which the clocks of the other servers follow, when
 * it republished tasks, and the format of the records.
 */
public final class LeaderStamps {

  private final LeaderClock clock;
  private final RepublishTimes republishTimes;

  public LeaderStamps(LeaderClock clock, RepublishTimes republishTimes) {
    this.clock = clock;
    this.republishTimes = republishTimes;
  }

  /** Returns the time for {@code since} of a server that becomes the leader. */
  Instant now() {
    return clock.instant();
  }

  /** Returns a stamp of the leader. */
  Leader stamp(String server, String host, Instant since, long number) {
    return new Leader(
        server,
        host,
        since,
        clock.localClock().instant(),
        number,
        republishTimes.lastRepairs(),
        RecordFormat.CURRENT);
  }

  /** Returns the stamp with which the leader steps down. */
  Leader vacant(Leader last, String host) {
    return new Leader(
        null,
        host,
        last.since(),
        null,
        last.stamp() + 1,
        republishTimes.lastRepairs(),
        last.format());
  }

  /** Called when this server has written a stamp. */
  void written() {
    clock.lead();
  }

  /**
   * Called when this server has read a stamp of another one.
   *
   * @param maxAge maximum time since the stamp was written; null if unknown or read before
   */
  void read(Leader leader, @Nullable Duration maxAge) {
    republishTimes.merge(leader.repairs());
    Instant at = leader.at();
    if (at != null && maxAge != null) {
      clock.synchronize(at, maxAge);
    }
  }
}
