package dev.docket.http;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Logs a warning that can occur thousands of times a second, for example during a store outage, at
 * most once a second: the current message and the number of messages suppressed since the previous
 * line. Thread-safe.
 */
public final class RateLimitedLogger {

  private static final long INTERVAL_NANOS = 1_000_000_000;

  private final Logger logger;
  private final LongSupplier nanos;
  private final AtomicLong last;
  private final LongAdder suppressed = new LongAdder();

  /**
   * @param nanos a monotonic clock, as {@link System#nanoTime}
   */
  public RateLimitedLogger(Logger logger, LongSupplier nanos) {
    this.logger = logger;
    this.nanos = nanos;
    this.last = new AtomicLong(nanos.getAsLong() - INTERVAL_NANOS);
  }

  public void warn(String message) {
    long now = nanos.getAsLong();
    long previous = last.get();
    if (now - previous < INTERVAL_NANOS || !last.compareAndSet(previous, now)) {
      suppressed.increment();
      return;
    }
    long count = suppressed.sumThenReset();
    if (count == 0) {
      logger.warn("{}", message);
    } else {
      logger.warn("{} ({} similar messages suppressed)", message, count);
    }
  }
}
