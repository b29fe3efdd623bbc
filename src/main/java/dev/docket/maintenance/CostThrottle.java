package dev.docket.maintenance;

import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Limits an operation whose cost grows with the number of records to 5% of the time, including
 * failures: after each call it requires a pause of 19 times the call's duration. Not thread-safe.
 */
public final class CostThrottle {

  private static final int PAUSE_FACTOR = 19;

  private final LongSupplier nanos;
  private boolean started;
  private long pauseEnd;

  /**
   * Creates a throttle whose first call is due.
   *
   * @param nanos a monotonic clock
   */
  public CostThrottle(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Whether the pause is over. */
  public boolean due() {
    return !started || nanos.getAsLong() - pauseEnd >= 0;
  }

  /** Runs the operation and measures its duration. */
  public <T> T run(Supplier<T> operation) {
    long start = nanos.getAsLong();
    try {
      return operation.get();
    } finally {
      long end = nanos.getAsLong();
      started = true;
      pauseEnd = end + PAUSE_FACTOR * (end - start);
    }
  }
}
