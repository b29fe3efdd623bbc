package dev.docket.elastic.client;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.elastic.record.RecordJson;
import dev.docket.store.Version;
import dev.docket.store.WriteOutcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The response of Elasticsearch to one item of a {@code _bulk} request.
 *
 * @param operation create, index, update or delete
 * @param errorType empty if there is no error
 */
record BulkItemResponse(
    String operation, int status, long sequence, long term, String errorType, String reason) {

  private static final int TOO_MANY_REQUESTS = 429;

  /** The parts of a response that are requested: numbers, and the readable parts of errors. */
  static final String FILTER_PATH =
      "items.*.status,items.*._seq_no,items.*._primary_term,"
          + "items.*.error.type,items.*.error.reason,items.*.error.caused_by.reason";

  /** Returns whether the item was not written because Elasticsearch is busy; a retry may help. */
  boolean busy() {
    return status == TOO_MANY_REQUESTS && WriteBlock.explain(errorType, reason).isEmpty();
  }

  /** Returns whether the item has a final outcome. */
  boolean definite() {
    return !busy() && !(outcome() instanceof WriteOutcome.Unknown);
  }

  WriteOutcome outcome() {
    return switch (status) {
      case 200, 201 -> new WriteOutcome.Stored(new Version(sequence, term));
      // An update conflicts only if others change the record all the time.
      case 409 -> operation.equals("update") ? unknown() : new WriteOutcome.Conflict();
      case 404 ->
          errorType.isEmpty() || errorType.equals("document_missing_exception")
              ? new WriteOutcome.Conflict()
              : unknown();
      case 400, 413 -> isIndexError() ? unknown() : new WriteOutcome.Rejected(reason);
      default -> unknown();
    };
  }

  /** Returns whether the state of the index caused the error and not the record. */
  private boolean isIndexError() {
    return errorType.equals("index_closed_exception")
        || errorType.equals("cluster_block_exception")
        || (errorType.equals("illegal_argument_exception") && reason.contains(" for alias ["));
  }

  private WriteOutcome.Unknown unknown() {
    return new WriteOutcome.Unknown(
        WriteBlock.explain(errorType, reason)
            .orElseGet(() -> "the store responded with " + status + " " + errorType));
  }

  /**
   * Parses the items of a bulk response, in order. If the response is truncated, only its complete
   * items are returned.
   */
  static List<BulkItemResponse> parse(byte[] body) {
    List<BulkItemResponse> items = new ArrayList<>();
    try (JsonParser json = RecordJson.mapper().createParser(body)) {
      while (json.nextToken() != null && json.currentToken() != JsonToken.START_ARRAY) {
        // skip to the items
      }
      while (json.nextToken() == JsonToken.START_OBJECT) {
        items.add(item(json));
      }
    } catch (IOException truncated) {
      return items;
    }
    return items;
  }

  private static BulkItemResponse item(JsonParser json) throws IOException {
    int status = 0;
    long sequence = -1;
    long term = -1;
    String type = "";
    String reason = "";
    String operation = json.nextFieldName();
    json.nextToken();
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      switch (name) {
        case "status" -> status = json.getIntValue();
        case "_seq_no" -> sequence = json.getLongValue();
        case "_primary_term" -> term = json.getLongValue();
        case "error" -> {
          JsonNode error = json.readValueAsTree();
          type = error.path("type").asText();
          reason = reason(error);
        }
        default -> json.skipChildren();
      }
    }
    json.nextToken(); // the end of the item
    return new BulkItemResponse(operation, status, sequence, term, type, reason);
  }

  private static String reason(JsonNode error) {
    String reason = error.path("reason").asText();
    @Nullable String cause = error.path("caused_by").path("reason").textValue();
    return cause == null ? reason : reason + ": " + cause;
  }
}
