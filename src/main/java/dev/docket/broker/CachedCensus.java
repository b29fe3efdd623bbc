package dev.docket.broker;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Census} that caches its result for one second. Callers that arrive during a request wait
 * for its result, so any number of page views causes at most one request each second. Code that
 * acts on queue statistics, such as loss detection, uses the underlying census instead.
 */
public final class CachedCensus implements Census {

  private static final Duration RESULT_TTL = Duration.ofSeconds(1);

  /** A failed request may have run into a long timeout, so an error is cached for longer. */
  private static final Duration ERROR_TTL = Duration.ofSeconds(10);

  private final Census census;
  private final LongSupplier nanoClock;
  private @Nullable CachedResult cached;

  /**
   * Caches the results of another census.
   *
   * @param nanoClock a monotonic clock such as {@link System#nanoTime}
   */
  public CachedCensus(Census census, LongSupplier nanoClock) {
    this.census = census;
    this.nanoClock = nanoClock;
  }

  private record CachedResult(List<Queue> queues, @Nullable String error, long completedAt) {}

  @Override
  public List<Queue> queues() {
    CachedResult result = cachedOrNew();
    if (result.error() != null) {
      throw new BrokerUnavailable(result.error());
    }
    return result.queues();
  }

  private synchronized CachedResult cachedOrNew() {
    CachedResult result = cached;
    if (result == null || nanoClock.getAsLong() - result.completedAt() > ttl(result).toNanos()) {
      result = request();
      cached = result;
    }
    return result;
  }

  private static Duration ttl(CachedResult result) {
    return result.error() == null ? RESULT_TTL : ERROR_TTL;
  }

  private CachedResult request() {
    try {
      return new CachedResult(census.queues(), null, nanoClock.getAsLong());
    } catch (BrokerUnavailable e) {
      return new CachedResult(List.of(), String.valueOf(e.getMessage()), nanoClock.getAsLong());
    }
  }
}
