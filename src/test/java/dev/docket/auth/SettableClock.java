package dev.docket.auth;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that tests set. Also serves as a monotonic clock. */
public final class SettableClock extends Clock {

  private volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");

  public void advance(Duration time) {
    now = now.plus(time);
  }

  public long nanos() {
    return now.getEpochSecond() * 1_000_000_000 + now.getNano();
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
