package dev.docket.worker;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Limits the number of tasks that the worker holds. A task occupies a slot from its claim until the
 * server has accepted or rejected its end. Thread-safe.
 *
 * <p>With long tasks there are exactly as many slots as the concurrency, so that no task waits here
 * that another worker could run. With short tasks the two calls around each task would leave the
 * threads idle most of the time. The worker therefore claims tasks ahead: as many as are expected
 * to start within {@link #HORIZON}, at most {@link #MAX_AHEAD}. The expected duration follows the
 * recent durations of the handler: one long run raises it immediately, and it falls slowly.
 */
final class WorkerSlots {

  private static final Duration HORIZON = Duration.ofMillis(100);
  private static final int MAX_AHEAD = 128;
  private static final double SMOOTHING = 0.8;

  private final int concurrency;
  private int used;
  private double expectedNanos = -1;
  private Runnable releaseListener = () -> {};

  WorkerSlots(int concurrency) {
    this.concurrency = concurrency;
  }

  /** Sets a listener, which runs on the thread that releases a slot and must be quick. */
  synchronized void onRelease(Runnable listener) {
    releaseListener = listener;
  }

  synchronized boolean tryAcquire() {
    if (used >= capacity()) {
      return false;
    }
    used++;
    return true;
  }

  /** Waits until a slot is free and acquires all free slots, up to a limit. */
  synchronized int acquireUpTo(int limit) throws InterruptedException {
    while (used >= capacity()) {
      wait();
    }
    int acquired = Math.min(limit, capacity() - used);
    used += acquired;
    return acquired;
  }

  void release(int count) {
    Runnable listener;
    synchronized (this) {
      used -= count;
      notifyAll();
      listener = releaseListener;
    }
    listener.run();
  }

  synchronized int free() {
    return Math.max(0, capacity() - used);
  }

  /** Waits until all slots are free; false if the limit passes first. */
  synchronized boolean awaitAllFree(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (used > 0) {
      long remaining = end - System.nanoTime();
      if (remaining <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, remaining);
    }
    return true;
  }

  /** The number of all slots, free or used. */
  synchronized int capacity() {
    return concurrency
        + (expectedNanos < 0
            ? 0
            : (int) Math.min(MAX_AHEAD, concurrency * HORIZON.toNanos() / expectedNanos));
  }

  /** Whether a slot is expected to become free within a time; false if no duration is known yet. */
  synchronized boolean expectsFreeSlotWithin(Duration time) {
    return expectedNanos >= 0 && expectedNanos / concurrency < time.toNanos();
  }

  /** Records the duration of a finished run, or of a running one so far. */
  synchronized void recordDuration(long nanos) {
    expectedNanos =
        expectedNanos < 0 || nanos > expectedNanos
            ? Math.max(1, nanos)
            : SMOOTHING * expectedNanos + (1 - SMOOTHING) * nanos;
  }
}
