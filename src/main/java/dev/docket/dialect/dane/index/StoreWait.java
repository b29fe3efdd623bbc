package dev.docket.dialect.dane.index;

import dev.docket.concurrent.Stages;
import dev.docket.store.StoreUnavailable;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Repeats calls that fail because the store is unavailable. DANE's client would repeat them only
 * three times and at once, and then lose its result; it waits 30 s for a response.
 */
final class StoreWait {

  /** How long a request waits at most. */
  static final Duration LIMIT = Duration.ofSeconds(25);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(1);

  private final Duration limit;

  /**
   * @param limit no call is started later than this after the first one
   */
  StoreWait(Duration limit) {
    this.limit = limit;
  }

  /** Returns what the call returns. Blocks. The call can be performed several times. */
  <T> T call(Supplier<T> call) {
    long start = System.nanoTime();
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return call.get();
      } catch (StoreUnavailable | CompletionException failure) {
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        boolean unavailable = Stages.cause(failure) instanceof StoreUnavailable;
        if (!unavailable || elapsed.plus(pause).compareTo(limit) > 0) {
          throw failure;
        }
        sleep(pause, failure);
        pause = pause.multipliedBy(2).compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : pause.multipliedBy(2);
      }
    }
  }

  /** The store tells nobody when it is available again. */
  private static void sleep(Duration pause, RuntimeException failure) {
    try {
      TimeUnit.MILLISECONDS.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure;
    }
  }
}
