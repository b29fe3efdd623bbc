package dev.docket.maintenance;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's own clock, adjusted to the leader's if the two clearly differ, so that times in
 * records are comparable no matter which server wrote them. The difference is known only to within
 * the age of the leader's stamp. This clock uses the upper bound, because a message that seems
 * older than it is would count as lost.
 *
 * <p>One thread updates this clock; any thread may read it.
 */
public final class LeaderClock extends Clock {

  private static final Logger LOG = LoggerFactory.getLogger(LeaderClock.class);

  /** A difference between times in records that causes no harm. */
  static final Duration TOLERANCE = Duration.ofSeconds(3);

  private final Clock localClock;
  private volatile Duration offset = Duration.ZERO;

  public LeaderClock(Clock localClock) {
    this.localClock = localClock;
  }

  /** Returns the server's own clock, without adjustment. */
  Clock localClock() {
    return localClock;
  }

  /** Called when this server is the leader: uses its own clock, which the others follow. */
  void lead() {
    setOffset(Duration.ZERO);
  }

  /**
   * Called when the leader has written its time.
   *
   * @param leaderTime the leader's time when it wrote
   * @param maxAge maximum time since then
   */
  void synchronize(Instant leaderTime, Duration maxAge) {
    Duration minOffset = Duration.between(localClock.instant(), leaderTime);
    Duration maxOffset = minOffset.plusMillis(maxAge.toMillis());
    if (isPlausible(Duration.ZERO, minOffset, maxOffset)) {
      setOffset(Duration.ZERO);
    } else if (!isPlausible(offset, minOffset, maxOffset)) {
      setOffset(maxOffset);
    }
  }

  private static boolean isPlausible(Duration offset, Duration minOffset, Duration maxOffset) {
    return offset.compareTo(minOffset.minus(TOLERANCE)) >= 0
        && offset.compareTo(maxOffset.plus(TOLERANCE)) <= 0;
  }

  private void setOffset(Duration newOffset) {
    if (newOffset.equals(offset)) {
      return;
    }
    if (newOffset.isZero()) {
      LOG.info("This server's clock agrees with the leader's again; using it without adjustment");
    } else {
      LOG.warn(
          "This server's clock is {} s {} the leader's; adjusting times to the leader's clock",
          newOffset.abs().toSeconds(),
          newOffset.isNegative() ? "ahead of" : "behind");
    }
    offset = newOffset;
  }

  @Override
  public Instant instant() {
    return localClock.instant().plus(offset);
  }

  @Override
  public ZoneId getZone() {
    return localClock.getZone();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("the leader clock has a fixed time zone");
  }
}
