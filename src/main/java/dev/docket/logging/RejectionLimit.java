package dev.docket.logging;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Limits how many rejected requests of one caller are logged, so that a client that repeats a bad
 * request cannot fill the disk. Thread-safe.
 */
final class RejectionLimit {

  /** Returned for a request that is not logged. */
  static final int SUPPRESSED = -1;

  /** Maximum number of lines of one caller in one second. */
  static final int MAX_LINES = 20;

  private static final long WINDOW_NANOS = 1_000_000_000;
  private static final int MAX_CALLERS = 1_000;

  private final LongSupplier nanos;
  private final Map<String, Window> windows = new LinkedHashMap<>();

  private static final class Window {
    private long start;
    private int lines;
    private int suppressed;
  }

  /**
   * Creates a limit.
   *
   * @param nanos a monotonic clock such as {@link System#nanoTime}
   */
  RejectionLimit(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /**
   * Counts a rejected request. Returns how many were suppressed since the caller's previous line,
   * or {@link #SUPPRESSED} if this one is to be suppressed.
   */
  synchronized int count(String caller) {
    long now = nanos.getAsLong();
    Window window = windows.get(caller);
    if (window == null) {
      if (windows.size() >= MAX_CALLERS) {
        windows.remove(windows.keySet().iterator().next());
      }
      window = new Window();
      window.start = now;
      windows.put(caller, window);
    } else if (now - window.start >= WINDOW_NANOS) {
      window.start = now;
      window.lines = 0;
    }
    if (window.lines >= MAX_LINES) {
      window.suppressed++;
      return SUPPRESSED;
    }
    window.lines++;
    int suppressed = window.suppressed;
    window.suppressed = 0;
    return suppressed;
  }
}
