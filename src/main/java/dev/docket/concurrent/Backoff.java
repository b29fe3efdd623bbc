package dev.docket.concurrent;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Exponential backoff with jitter. The delay doubles with each failure up to a maximum; a random
 * part of it, between half and all, is used, so that many servers do not retry at the same moment.
 * Not thread-safe.
 */
public final class Backoff {

  private static final int MAX_DOUBLINGS = 20;

  private final Duration initial;
  private final Duration max;
  private int failures;

  public Backoff(Duration initial, Duration max) {
    this.initial = initial;
    this.max = max;
  }

  /** Counts a failure, and returns the delay before the next attempt. */
  public Duration next() {
    Duration delay = delay(failures, initial, max);
    failures++;
    return delay;
  }

  /** Starts again with the initial delay, after a success. */
  public void reset() {
    failures = 0;
  }

  /** The delay after this many previous failures, for callers that count failures themselves. */
  public static Duration delay(int failures, Duration initial, Duration max) {
    long doubled = initial.toNanos() << Math.min(failures, MAX_DOUBLINGS);
    long nanos = Math.min(doubled, max.toNanos());
    return Duration.ofNanos(nanos / 2 + ThreadLocalRandom.current().nextLong(nanos / 2 + 1));
  }
}
