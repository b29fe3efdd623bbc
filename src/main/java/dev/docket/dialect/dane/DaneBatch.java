package dev.docket.dialect.dane;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.concurrent.Stages;
import dev.docket.http.ErrorsFeature;
import dev.docket.http.Problem;
import dev.docket.http.ProblemBody;
import dev.docket.http.batch.StreamedArray;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Performs an operation on each item of a batch and streams the outcome: {@code
 * {"success":[…],"failed":[…]}}. Items fail one by one, also while the store is unavailable, so
 * that the client can send the failed ones again.
 */
final class DaneBatch {

  private static final int MAX_CONCURRENT = 1_000;

  private final ObjectMapper mapper;

  DaneBatch(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * How a failed item is listed.
   *
   * @param first whether it precedes failures that are not first
   */
  record Failure(boolean first, Object shown) {

    static Failure of(Object shown) {
      return new Failure(false, shown);
    }
  }

  /**
   * Processes the items in order, several at a time.
   *
   * @param operation gives what to list of an item under {@code success}, or fails, or throws a
   *     {@link Problem}
   * @param failure how to list an item that failed
   */
  <I> void run(
      OutputStream out,
      List<I> items,
      Function<I, CompletionStage<?>> operation,
      BiFunction<I, Throwable, Failure> failure)
      throws IOException {
    List<Failure> failures = new ArrayList<>();
    try (JsonGenerator json = StreamedArray.generator(mapper, out)) {
      json.writeStartObject();
      json.writeArrayFieldStart("success");
      for (int from = 0; from < items.size(); from += MAX_CONCURRENT) {
        List<I> slice = items.subList(from, Math.min(items.size(), from + MAX_CONCURRENT));
        List<CompletableFuture<?>> running =
            slice.stream().<CompletableFuture<?>>map(item -> begin(item, operation)).toList();
        for (int i = 0; i < slice.size(); i++) {
          try {
            json.writePOJO(running.get(i).join());
          } catch (CompletionException failed) {
            failures.add(failure.apply(slice.get(i), Stages.cause(failed)));
          }
        }
      }
      json.writeEndArray();
      json.writeArrayFieldStart("failed");
      failures.sort(Comparator.comparing(Failure::first).reversed());
      for (Failure failed : failures) {
        json.writePOJO(failed.shown());
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static <I> CompletableFuture<?> begin(I item, Function<I, CompletionStage<?>> operation) {
    try {
      return operation.apply(item).toCompletableFuture();
    } catch (Problem refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  /** The reason of a failure, for people. What Docket does wrong is logged under an id. */
  static String message(Throwable failure) {
    if (failure instanceof Problem problem) {
      String fields =
          problem.errors().stream()
              .map(error -> error.pointer() + " " + error.detail())
              .collect(Collectors.joining("; "));
      return problem.getMessage() + (fields.isEmpty() ? "" : ": " + fields.strip());
    }
    ProblemBody body = (ProblemBody) ErrorsFeature.response(failure).getEntity();
    return body.detail() + " (" + body.id() + ")";
  }
}
