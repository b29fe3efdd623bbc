package dev.docket.service;

import dev.docket.http.RateLimitedLogger;
import dev.docket.task.TaskKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was known about workers up to two seconds ago, so that requests for services do not search
 * each time. While it cannot be read, nothing is known. Thread-safe.
 */
public final class RecentSightings implements WorkerSightings {

  static final Duration MAX_AGE = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(RecentSightings.class);

  private final WorkerSightings workers;
  private final LongSupplier nanos;
  private final RateLimitedLogger failures;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile @Nullable Sightings last;

  private record Sightings(Map<TaskKey, Instant> byKey, long at) {}

  /**
   * @param workers reads what is known now
   * @param nanos a monotonic clock, as {@link System#nanoTime}
   */
  public RecentSightings(WorkerSightings workers, LongSupplier nanos) {
    this.workers = workers;
    this.nanos = nanos;
    this.failures = new RateLimitedLogger(LOG, nanos);
  }

  /**
   * Blocks only if this request is the one that reads; during a read, others get what was known.
   */
  @Override
  public Map<TaskKey, Instant> lastSeen() {
    Sightings known = last;
    if ((known == null || nanos.getAsLong() - known.at() > MAX_AGE.toNanos())
        && reading.tryLock()) {
      try {
        known = new Sightings(read(), nanos.getAsLong());
        last = known;
      } finally {
        reading.unlock();
      }
    }
    return known == null ? Map.of() : known.byKey();
  }

  private Map<TaskKey, Instant> read() {
    try {
      return Map.copyOf(workers.lastSeen());
    } catch (RuntimeException e) {
      failures.warn(
          "The workers cannot be read (%s); services are shown without last_seen"
              .formatted(e.getMessage()));
      return Map.of();
    }
  }
}
