package dev.docket.broker;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Shares looks: whoever asks while one is under way waits for it, and a look serves all who ask
 * within a second. For readers of pages, whatever their number; who acts looks for himself.
 */
public final class CachedCensus implements Census {

  private static final Duration FRESH = Duration.ofSeconds(1);

  /** A broker that did not answer may have taken long not to. */
  private static final Duration TROUBLE = Duration.ofSeconds(10);

  private final Census census;
  private final LongSupplier nanos;
  private @Nullable Look last;

  /**
   * Wraps it.
   *
   * @param nanos a monotonic clock, as {@link System#nanoTime}
   */
  public CachedCensus(Census census, LongSupplier nanos) {
    this.census = census;
    this.nanos = nanos;
  }

  private record Look(List<Queue> queues, @Nullable String healthError, long end) {}

  @Override
  public List<Queue> queues() {
    Look look = recent();
    if (look.healthError() != null) {
      throw new BrokerUnavailable(look.healthError());
    }
    return look.queues();
  }

  private synchronized Look recent() {
    Look look = last;
    if (look == null || nanos.getAsLong() - look.end() > kept(look).toNanos()) {
      look = ask();
      last = look;
    }
    return look;
  }

  private static Duration kept(Look look) {
    return look.healthError() == null ? FRESH : TROUBLE;
  }

  private Look ask() {
    try {
      return new Look(census.queues(), null, nanos.getAsLong());
    } catch (BrokerUnavailable unavailable) {
      return new Look(List.of(), String.valueOf(unavailable.getMessage()), nanos.getAsLong());
    }
  }
}
