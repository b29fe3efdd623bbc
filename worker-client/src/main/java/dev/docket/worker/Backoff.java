package dev.docket.worker;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before the next try: twice as long each time up to a limit, and of that a random
 * part between a half and all, so that many workers do not come back in step. Not safe for threads.
 */
final class Backoff {

  private final Duration first;
  private final Duration last;
  private int failures;

  public Backoff(Duration first, Duration last) {
    this.first = first;
    this.last = last;
  }

  public Duration next() {
    long doubled = first.toNanos() << Math.min(failures, 20);
    failures++;
    return jittered(Math.min(doubled, last.toNanos()));
  }

  public void reset() {
    failures = 0;
  }

  private static Duration jittered(long nanos) {
    return Duration.ofNanos(nanos / 2 + ThreadLocalRandom.current().nextLong(nanos / 2 + 1));
  }
}
