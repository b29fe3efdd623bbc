package dev.docket.dialect.dane;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.http.ErrorsFeature;
import dev.docket.http.Problem;
import dev.docket.http.ProblemBody;
import dev.docket.http.batch.StreamedArray;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Works through a batch and answers as it goes: {@code {"success":[…],"failed":[…]}}. What fails
 * fails alone, also when the store is busy: its client may send just those again.
 */
final class DaneBatch {

  private static final int MAX_CONCURRENT = 1_000;

  private final ObjectMapper mapper;

  DaneBatch(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * Works through it.
   *
   * @param act what is done with an item; gives what to show of it, or fails or throws
   * @param failed what to show of an item that failed with a message
   */
  <I> void run(
      OutputStream out,
      List<I> items,
      Function<I, CompletionStage<?>> act,
      BiFunction<I, String, ?> failed)
      throws IOException {
    List<Object> failures = new ArrayList<>();
    try (JsonGenerator json = StreamedArray.generator(mapper, out)) {
      json.writeStartObject();
      json.writeArrayFieldStart("success");
      for (int from = 0; from < items.size(); from += MAX_CONCURRENT) {
        List<I> slice = items.subList(from, Math.min(items.size(), from + MAX_CONCURRENT));
        List<CompletableFuture<?>> doing =
            slice.stream().<CompletableFuture<?>>map(item -> begin(item, act)).toList();
        for (int i = 0; i < slice.size(); i++) {
          try {
            json.writePOJO(doing.get(i).join());
          } catch (CompletionException failure) {
            failures.add(failed.apply(slice.get(i), message(failure)));
          }
        }
      }
      json.writeEndArray();
      json.writePOJOField("failed", failures);
      json.writeEndObject();
    }
  }

  private static <I> CompletableFuture<?> begin(I item, Function<I, CompletionStage<?>> act) {
    try {
      return act.apply(item).toCompletableFuture();
    } catch (Problem refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  private static String message(CompletionException failure) {
    if (failure.getCause() instanceof Problem problem) {
      String fields =
          problem.errors().stream()
              .map(error -> error.pointer() + " " + error.detail())
              .collect(Collectors.joining("; "));
      return problem.getMessage() + (fields.isEmpty() ? "" : ": " + fields);
    }
    // Said once in the log, with an id.
    ProblemBody body = (ProblemBody) ErrorsFeature.response(failure).getEntity();
    return body.detail() + " (" + body.id() + ")";
  }
}
