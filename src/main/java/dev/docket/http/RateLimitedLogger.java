package dev.docket.http;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Logs what can happen a thousand times a second, as while the store is away, once a second: the
 * latest, and how many there were besides. For any threads.
 */
final class RateLimitedLogger {

  private static final long INTERVAL_NANOS = 1_000_000_000;

  private final Logger logger;
  private final LongSupplier nanos;
  private final AtomicLong last;
  private final LongAdder kept = new LongAdder();

  RateLimitedLogger(Logger logger, LongSupplier nanos) {
    this.logger = logger;
    this.nanos = nanos;
    this.last = new AtomicLong(nanos.getAsLong() - INTERVAL_NANOS);
  }

  void warn(String what) {
    long now = nanos.getAsLong();
    long before = last.get();
    if (now - before < INTERVAL_NANOS || !last.compareAndSet(before, now)) {
      kept.increment();
      return;
    }
    long others = kept.sumThenReset();
    if (others == 0) {
      logger.warn("{}", what);
    } else {
      logger.warn("{} (and {} more like it before)", what, others);
    }
  }
}
