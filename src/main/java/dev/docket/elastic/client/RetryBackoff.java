package dev.docket.elastic.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Exponential backoff with jitter.
 *
 * @param firstMillis the first delay in milliseconds; it doubles with each retry
 * @param maxRetries the maximum number of retries
 */
public record RetryBackoff(long firstMillis, int maxRetries) {

  /** Retries for about three seconds in total. */
  public static final RetryBackoff WHEN_BUSY = new RetryBackoff(50, 6);

  /** Returns whether another retry is allowed after this number of retries. */
  boolean allows(int retries) {
    return retries < maxRetries;
  }

  /** Runs the operation again after the delay, on a thread of the executor. */
  <T> CompletionStage<T> retry(
      int retries, Executor executor, Supplier<CompletionStage<T>> operation) {
    long millis =
        (long) ((firstMillis << retries) * (0.5 + ThreadLocalRandom.current().nextDouble()));
    return CompletableFuture.supplyAsync(
            operation, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, executor))
        .thenCompose(stage -> stage);
  }
}
