package dev.docket.maintenance;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's own clock, or the leader's where the two are clearly apart: so the times in records
 * can be compared, whichever server wrote them. How far they are apart is known only to within the
 * time that the leader's stamp took to get here; it is taken to be the later one, as a message that
 * seems to be out for longer than it is would count as lost.
 *
 * <p>One thread is told, any reads.
 */
public final class LeaderClock extends Clock {

  private static final Logger LOG = LoggerFactory.getLogger(LeaderClock.class);

  /** What the times in records may differ by without any harm. */
  static final Duration TOLERANCE = Duration.ofSeconds(3);

  private final Clock own;
  private volatile Duration added = Duration.ZERO;

  public LeaderClock(Clock own) {
    this.own = own;
  }

  /** What this server would go by if it were alone. */
  Clock own() {
    return own;
  }

  /** This server leads: the others go by its own clock. */
  void lead() {
    add(Duration.ZERO);
  }

  /** The leader has written its time, and not longer ago than that. */
  void heard(Instant stamped, Duration atMostAgo) {
    Duration least = Duration.between(own.instant(), stamped);
    Duration most = least.plusMillis(atMostAgo.toMillis());
    if (fits(Duration.ZERO, least, most)) {
      add(Duration.ZERO);
    } else if (!fits(added, least, most)) {
      add(most);
    }
  }

  private static boolean fits(Duration time, Duration least, Duration most) {
    return time.compareTo(least.minus(TOLERANCE)) >= 0 && time.compareTo(most.plus(TOLERANCE)) <= 0;
  }

  private void add(Duration time) {
    if (time.equals(added)) {
      return;
    }
    if (time.isZero()) {
      LOG.info("This server goes by its own clock again");
    } else {
      LOG.warn(
          "The clock of this server is {} s {} that of the server which leads, and goes by that",
          time.abs().toSeconds(),
          time.isNegative() ? "ahead of" : "behind");
    }
    added = time;
  }

  @Override
  public Instant instant() {
    return own.instant().plus(added);
  }

  @Override
  public ZoneId getZone() {
    return own.getZone();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("it follows the leader only as it is");
  }
}
