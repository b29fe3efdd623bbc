package dev.docket.elastic.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Waits before something is tried again: longer each time, and not everybody as long.
 *
 * @param firstMillis the first pause; it doubles with each
 * @param most how often something is tried again
 */
public record RetryBackoff(long firstMillis, int most) {

  /** About three seconds in all. */
  public static final RetryBackoff WHEN_BUSY = new RetryBackoff(50, 6);

  /** Whether it may be tried again after having been tried again so often. */
  boolean allows(int done) {
    return done < most;
  }

  /** Tries again after the pause, on a thread of the executor. */
  <T> CompletionStage<T> then(int done, Executor executor, Supplier<CompletionStage<T>> again) {
    long millis = (long) ((firstMillis << done) * (0.5 + ThreadLocalRandom.current().nextDouble()));
    return CompletableFuture.supplyAsync(
            again, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, executor))
        .thenCompose(stage -> stage);
  }
}
