package dev.docket.concurrent;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Handles the failures of stages without the wrapper that dependent stages add. */
public final class Stages {

  private Stages() {}

  /** Returns a stage that completes when all of the given ones have completed. */
  public static CompletableFuture<Void> all(Collection<? extends CompletionStage<?>> stages) {
    return CompletableFuture.allOf(
        stages.stream()
            .map(CompletionStage::toCompletableFuture)
            .toArray(CompletableFuture[]::new));
  }

  /** Waits for all of the given stages, and counts those that completed with true. */
  public static long countTrue(Collection<? extends CompletionStage<Boolean>> stages) {
    return stages.stream().filter(Stages::join).count();
  }

  /** Returns the failure of a stage without the {@link CompletionException} around it. */
  public static Throwable cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause(cause) : failure;
  }

  /**
   * Waits for a stage.
   *
   * @throws RuntimeException the failure of the stage, in a {@link CompletionException} only if it
   *     is a checked exception or an error
   */
  public static <T extends @Nullable Object> T join(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw cause(e) instanceof RuntimeException failure ? failure : e;
    }
  }

  /** Returns a stage that completes with null if the given one fails with such a failure. */
  public static <T> CompletionStage<@Nullable T> ignore(
      Class<? extends Throwable> type, CompletionStage<T> stage) {
    return stage.<@Nullable T>handle(
        (value, failure) -> {
          if (failure != null && !type.isInstance(cause(failure))) {
            throw new CompletionException(cause(failure));
          }
          return value;
        });
  }
}
