package dev.docket.worker;

import java.util.concurrent.atomic.AtomicLong;

/** Limits the log lines of all runs that a worker has in memory. Thread-safe. */
final class LogMemory {

  private static final long MAX_CHARS = 32L * 1024 * 1024;

  private final AtomicLong taken = new AtomicLong();

  /** Takes memory for a number of characters; false if there is too little. */
  boolean take(int chars) {
    if (taken.addAndGet(chars) <= MAX_CHARS) {
      return true;
    }
    free(chars);
    return false;
  }

  void free(long chars) {
    taken.addAndGet(-chars);
  }
}
