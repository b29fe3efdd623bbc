package dev.docket.dialect.dane.importing;

import dev.docket.concurrent.Stages;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.WriteOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Writes many records at once, with a limit of the bytes in flight. Repeats a write whose outcome
 * is unknown; each write is one that can be repeated.
 */
final class RecordWriter {

  private static final int KIBIBYTE = 1024;

  /** A quarter of what the store queues by default. */
  private static final int MAX_KIBIBYTES_IN_FLIGHT = 16 * KIBIBYTE;

  /** The assumed size of a record without large content. */
  static final int RECORD_BYTES = 4 * KIBIBYTE;

  private static final int MAX_PENDING = 20_000;

  private static final int MAX_REPETITIONS = 8;

  private final Semaphore inFlight = new Semaphore(MAX_KIBIBYTES_IN_FLIGHT);
  private final List<CompletableFuture<Void>> pending = new ArrayList<>();
  private final Duration firstDelay;

  /**
   * @param firstDelay the delay before the first repetition; it doubles with each further one
   */
  RecordWriter(Duration firstDelay) {
    this.firstDelay = firstDelay;
  }

  /** Starts a write as soon as the limit allows; blocks until then. */
  void write(
      int bytes, Supplier<CompletionStage<WriteOutcome>> write, Consumer<WriteOutcome> onOutcome) {
    int permits = Math.max(1, Math.min(MAX_KIBIBYTES_IN_FLIGHT, bytes / KIBIBYTE));
    if (pending.size() >= MAX_PENDING) {
      await();
    }
    inFlight.acquireUninterruptibly(permits);
    pending.add(
        attempt(write, 0)
            .thenAccept(onOutcome)
            .whenComplete((done, failure) -> inFlight.release(permits))
            .toCompletableFuture());
  }

  private CompletionStage<WriteOutcome> attempt(
      Supplier<CompletionStage<WriteOutcome>> write, int repetition) {
    return write
        .get()
        .exceptionallyCompose(outcomeOf(StoreUnavailable.class, WriteOutcome.Unknown::new))
        .thenCompose(
            outcome ->
                outcome instanceof WriteOutcome.Unknown unknown
                    ? repeat(write, unknown, repetition)
                    : CompletableFuture.completedStage(outcome));
  }

  /** Makes a failure of this type an outcome that quotes it. Other failures stay. */
  static Function<Throwable, CompletionStage<WriteOutcome>> outcomeOf(
      Class<? extends Throwable> type, Function<String, WriteOutcome> outcome) {
    return failure -> {
      Throwable cause = Stages.cause(failure);
      return type.isInstance(cause)
          ? CompletableFuture.completedStage(outcome.apply(String.valueOf(cause.getMessage())))
          : CompletableFuture.failedStage(failure);
    };
  }

  private CompletionStage<WriteOutcome> repeat(
      Supplier<CompletionStage<WriteOutcome>> write, WriteOutcome.Unknown last, int repetition) {
    if (repetition >= MAX_REPETITIONS) {
      return CompletableFuture.failedStage(
          new ImportFailed("Docket's Elasticsearch is unavailable: " + last.reason()));
    }
    Executor later =
        CompletableFuture.delayedExecutor(
            firstDelay.toMillis() << repetition, TimeUnit.MILLISECONDS);
    return CompletableFuture.supplyAsync(() -> attempt(write, repetition + 1), later)
        .thenCompose(again -> again);
  }

  /** Waits for all writes. */
  void await() {
    List<CompletableFuture<Void>> all = List.copyOf(pending);
    pending.clear();
    all.forEach(RecordWriter::join);
  }

  /** Waits for a stage. */
  static <T> T join(CompletionStage<T> stage) {
    try {
      return Stages.join(stage);
    } catch (StoreUnavailable unavailable) {
      throw new ImportFailed(
          "Docket's Elasticsearch is unavailable: " + unavailable.getMessage(), unavailable);
    }
  }
}
