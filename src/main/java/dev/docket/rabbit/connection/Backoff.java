package dev.docket.rabbit.connection;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before the next try: twice as long each time up to a limit, and of that a random
 * part between a half and all, so that many servers do not come back in step. Not safe for threads.
 */
public final class Backoff {

  private static final int MAX_DOUBLINGS = 20;

  private final Duration first;
  private final Duration longest;
  private int failures;

  public Backoff(Duration first, Duration longest) {
    this.first = first;
    this.longest = longest;
  }

  /** The pause after one more failure. */
  public Duration next() {
    Duration pause = pause(failures, first, longest);
    failures++;
    return pause;
  }

  /** All is well again. */
  public void reset() {
    failures = 0;
  }

  /** The pause after so many earlier failures, for those who count themselves. */
  public static Duration pause(int failures, Duration first, Duration longest) {
    long doubled = first.toNanos() << Math.min(failures, MAX_DOUBLINGS);
    long nanos = Math.min(doubled, longest.toNanos());
    return Duration.ofNanos(nanos / 2 + ThreadLocalRandom.current().nextLong(nanos / 2 + 1));
  }
}
