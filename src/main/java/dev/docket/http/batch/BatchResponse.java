package dev.docket.http.batch;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.docket.concurrent.Stages;
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
 * The outcomes of the items of a batch. A failed item never fails the batch.
 *
 * @param success views of the successful items, in the order of the items
 * @param failed the problems of the others
 */
public record BatchResponse<T>(List<T> success, List<Failed> failed) {

  /**
   * A failed item.
   *
   * @param index position in the batch, counted from 0
   * @param problem the problem that a request for this item alone would report
   */
  public record Failed(int index, @JsonUnwrapped ProblemBody problem) {}

  /**
   * Waits for all items. Each may fail with a {@link Problem}, including one that the store is
   * unavailable or overloaded; the client can then retry that item. Any other failure is a bug and
   * fails the batch.
   */
  public static <S, T> CompletionStage<BatchResponse<T>> of(
      List<CompletionStage<S>> items, Function<S, T> view) {
    List<CompletableFuture<S>> futures =
        items.stream().map(CompletionStage::toCompletableFuture).toList();
    return Stages.all(futures)
        .handle(
            (ignored, anyFailure) -> {
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
    return item.handle((value, failure) -> failure == null ? null : Stages.cause(failure)).join();
  }
}
