package dev.docket.http;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Logs what can happen a thousand times a second, as while the store is away, once a second: the
 * latest, and how many there were besides. For any threads.
 */
final class Sparingly {

  private static final long PAUSE_NANOS = 1_000_000_000;

  private final Logger log;
  private final LongSupplier nanos;
  private final AtomicLong last;
  private final LongAdder kept = new LongAdder();

  Sparingly(Logger log, LongSupplier nanos) {
    this.log = log;
    this.nanos = nanos;
    this.last = new AtomicLong(nanos.getAsLong() - PAUSE_NANOS);
  }

  void warn(String what) {
    long now = nanos.getAsLong();
    long before = last.get();
    if (now - before < PAUSE_NANOS || !last.compareAndSet(before, now)) {
      kept.increment();
      return;
    }
    long others = kept.sumThenReset();
    if (others == 0) {
      log.warn("{}", what);
    } else {
      log.warn("{} (and {} more like it before)", what, others);
    }
  }
}
