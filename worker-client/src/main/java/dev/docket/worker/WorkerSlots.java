package dev.docket.worker;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How many tasks the worker may hold: from the moment it claims one until the server has taken its
 * end. Safe for threads.
 *
 * <p>With long tasks that is the concurrency and not one more, so that nothing waits here that
 * another worker could do. With short ones the two calls around each task would leave the threads
 * idle most of the time. So as many more as are expected to begin within {@link #HORIZON} may be
 * claimed ahead, at most {@link #MAX_AHEAD}. The expectation follows the handler's recent times:
 * one long run raises it at once, and it comes down slowly.
 */
final class WorkerSlots {

  private static final Duration HORIZON = Duration.ofMillis(100);
  private static final int MAX_AHEAD = 128;
  private static final double SMOOTHING = 0.8;

  private final int concurrency;
  private int taken;
  private double expectedNanos = -1;
  private Runnable whenFreed = () -> {};

  WorkerSlots(int concurrency) {
    this.concurrency = concurrency;
  }

  /** What to do, quickly, on the thread that gives a place free. */
  synchronized void whenFreed(Runnable listener) {
    whenFreed = listener;
  }

  synchronized boolean tryTake() {
    if (taken >= window()) {
      return false;
    }
    taken++;
    return true;
  }

  /** Waits until there is a place, and takes all there are, up to a limit. */
  synchronized int takeAll(int limit) throws InterruptedException {
    while (taken >= window()) {
      wait();
    }
    int now = Math.min(limit, window() - taken);
    taken += now;
    return now;
  }

  void release(int slots) {
    Runnable listener;
    synchronized (this) {
      taken -= slots;
      notifyAll();
      listener = whenFreed;
    }
    listener.run();
  }

  synchronized int free() {
    return Math.max(0, window() - taken);
  }

  /** Waits until no place is taken; false if the limit came first. */
  synchronized boolean awaitAllFree(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (taken > 0) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  /** All places, taken or not. */
  synchronized int window() {
    return concurrency
        + (expectedNanos < 0
            ? 0
            : (int) Math.min(MAX_AHEAD, concurrency * HORIZON.toNanos() / expectedNanos));
  }

  /** Whether a place is expected to become free within a time; not if nothing is known yet. */
  synchronized boolean freeWithin(Duration time) {
    return expectedNanos >= 0 && expectedNanos / concurrency < time.toNanos();
  }

  /** How long a handler took, or has already taken. */
  synchronized void ran(long nanos) {
    expectedNanos =
        expectedNanos < 0 || nanos > expectedNanos
            ? Math.max(1, nanos)
            : SMOOTHING * expectedNanos + (1 - SMOOTHING) * nanos;
  }
}
