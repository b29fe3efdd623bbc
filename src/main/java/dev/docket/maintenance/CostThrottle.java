package dev.docket.maintenance;

import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Sees to it that something whose cost grows with what is stored takes at most a twentieth of the
 * time, also where it fails: the longer it took, the longer is the pause after it. Not for several
 * threads.
 */
public final class CostThrottle {

  private static final int PAUSE_FACTOR = 19;

  private final LongSupplier nanos;
  private boolean began;
  private long next;

  /**
   * Begins with something to do.
   *
   * @param nanos a monotonic clock
   */
  public CostThrottle(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Whether the pause is over. */
  public boolean due() {
    return !began || nanos.getAsLong() - next >= 0;
  }

  /** Does it, and takes the time. */
  public <T> T take(Supplier<T> dear) {
    long start = nanos.getAsLong();
    try {
      return dear.get();
    } finally {
      long end = nanos.getAsLong();
      began = true;
      next = end + PAUSE_FACTOR * (end - start);
    }
  }
}
