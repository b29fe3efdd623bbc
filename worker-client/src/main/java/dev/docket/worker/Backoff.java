package dev.docket.worker;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Exponential backoff with jitter. The delay doubles with each failure up to a limit. A random part
 * between half of it and all of it is used, so that many workers do not retry in step. Not
 * thread-safe.
 */
final class Backoff {

  private final Duration initial;
  private final Duration max;
  private int failures;

  public Backoff(Duration initial, Duration max) {
    this.initial = initial;
    this.max = max;
  }

  public Duration next() {
    long doubled = initial.toNanos() << Math.min(failures, 20);
    failures++;
    return jittered(Math.min(doubled, max.toNanos()));
  }

  public void reset() {
    failures = 0;
  }

  private static Duration jittered(long nanos) {
    return Duration.ofNanos(nanos / 2 + ThreadLocalRandom.current().nextLong(nanos / 2 + 1));
  }
}
