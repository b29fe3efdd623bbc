package dev.docket.http.batch;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.docket.http.Problem;
import dev.docket.http.ProblemBody;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What became of the items of a batch; one bad item never fails the rest.
 *
 * @param success what was made, in the order of the items
 * @param failed why the others were not
 */
public record BatchResponse<T>(List<T> success, List<Failed> failed) {

  /**
   * An item that failed.
   *
   * @param index its place in the batch, from 0
   * @param problem the same problem that it would have been alone
   */
  public record Failed(int index, @JsonUnwrapped ProblemBody problem) {}

  /**
   * Waits for all items, each of which may fail with a {@link Problem}, also that the store is away
   * or has too much to do: then that item can be sent again. Any other failure is a bug, and fails
   * the batch.
   */
  public static <S, T> CompletionStage<BatchResponse<T>> of(
      List<CompletionStage<S>> items, Function<S, T> view) {
    List<CompletableFuture<S>> futures =
        items.stream().map(CompletionStage::toCompletableFuture).toList();
    return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
        .handle(
            (nothing, someFailure) -> {
              List<T> success = new ArrayList<>();
              List<Failed> failed = new ArrayList<>();
              for (int i = 0; i < futures.size(); i++) {
                CompletableFuture<S> item = futures.get(i);
                if (item.isCompletedExceptionally()) {
                  failed.add(new Failed(i, problem(failure(item))));
                } else {
                  success.add(view.apply(item.join()));
                }
              }
              return new BatchResponse<>(success, failed);
            });
  }

  static ProblemBody problem(@Nullable Throwable failure) {
    if (failure instanceof Problem problem) {
      return ProblemBody.of(problem);
    }
    throw new CompletionException(failure);
  }

  private static @Nullable Throwable failure(CompletableFuture<?> item) {
    return item.handle(
            (value, failure) ->
                failure instanceof CompletionException && failure.getCause() != null
                    ? failure.getCause()
                    : failure)
        .join();
  }
}
