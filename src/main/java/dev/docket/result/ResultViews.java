package dev.docket.result;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.concurrent.Stages;
import dev.docket.task.ResultId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Creates the views of results. Blocks, because it reads payloads of a moderate size. */
public final class ResultViews {

  /** Lists show payloads of up to this size, and the address of larger ones. */
  static final int MAX_LISTED_BYTES = PayloadPart.BYTES;

  /** The maximum size of the payloads on a page that are not in their result's record. */
  static final long MAX_PAGE_BYTES = 8L << 20;

  /** The maximum number of results that a page shows with all payloads of the listed size. */
  public static final int MAX_LISTED_TOGETHER = (int) (MAX_PAGE_BYTES / MAX_LISTED_BYTES);

  private final Payloads payloads;

  public ResultViews(Payloads payloads) {
    this.payloads = payloads;
  }

  /** A view for a list. */
  public ResultView listed(Result result) {
    Long bytes = result.payloadBytes();
    if (bytes == null) {
      return ResultView.of(result, result.payload(), null);
    }
    if (bytes > MAX_LISTED_BYTES) {
      return linked(result);
    }
    return listed(result, read(result));
  }

  private static ResultView listed(Result result, CompletableFuture<Optional<JsonNode>> reading) {
    // Without a payload the result is being deleted.
    return Stages.join(reading)
        .map(json -> ResultView.of(result, json, null))
        .orElseGet(() -> linked(result));
  }

  /**
   * Views for a page. If their payloads are too large together, the last results have an address
   * instead.
   */
  public List<ResultView> page(List<Result> results) {
    // All payloads are requested before the first is awaited.
    Map<ResultId, CompletableFuture<Optional<JsonNode>>> reading = new HashMap<>();
    long total = 0;
    for (Result result : results) {
      Long bytes = result.payloadBytes();
      if (bytes != null && bytes <= MAX_LISTED_BYTES && total + bytes <= MAX_PAGE_BYTES) {
        total += bytes;
        reading.put(result.id(), read(result));
      }
    }
    List<ResultView> views = new ArrayList<>();
    for (Result result : results) {
      CompletableFuture<Optional<JsonNode>> payload = reading.get(result.id());
      if (payload != null) {
        views.add(listed(result, payload));
      } else {
        views.add(
            result.payloadBytes() == null
                ? ResultView.of(result, result.payload(), null)
                : linked(result));
      }
    }
    return views;
  }

  /** A view that shows the payload whatever its size, copied while the view is written. */
  public ResultView whole(Result result) {
    return ResultView.of(result, payload(result), null);
  }

  /** The payload of a result as a value of a JSON response, whatever its size. */
  public Object payload(Result result) {
    Long bytes = result.payloadBytes();
    return bytes == null
        ? Objects.requireNonNull(result.payload(), "payload")
        : new StoredPayload(payloads, result.id(), bytes);
  }

  private static ResultView linked(Result result) {
    return ResultView.of(result, null, "/result/" + result.id() + "/payload");
  }

  private CompletableFuture<Optional<JsonNode>> read(Result result) {
    return payloads.readSmall(result.id()).toCompletableFuture();
  }
}
