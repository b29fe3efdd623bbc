package dev.docket.rabbit.publish;

import java.time.Duration;

/** Allows one warning a minute, as the same message may cause one again and again. Thread-safe. */
final class WarningLimit {

  private static final long INTERVAL_NANOS = Duration.ofMinutes(1).toNanos();

  private long next = System.nanoTime();

  /** Whether to log now. */
  synchronized boolean allows() {
    long now = System.nanoTime();
    if (now - next < 0) {
      return false;
    }
    next = now + INTERVAL_NANOS;
    return true;
  }
}
