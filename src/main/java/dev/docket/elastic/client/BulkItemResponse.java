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
 * What Elasticsearch said of one item of a {@code _bulk}.
 *
 * @param errorType empty where there is no error
 */
record BulkItemResponse(int status, long sequence, long term, String errorType, String reason) {

  private static final int TOO_MANY_REQUESTS = 429;

  /** What comes back of an answer: the numbers, and of an error what a person wants to know. */
  static final String FILTER_PATH =
      "items.*.status,items.*._seq_no,items.*._primary_term,"
          + "items.*.error.type,items.*.error.reason,items.*.error.caused_by.reason";

  /** Whether the same may be tried again, as nothing was written and it is only busy. */
  boolean busy() {
    return status == TOO_MANY_REQUESTS;
  }

  /** Whether it is known what became of the item, for good. */
  boolean certain() {
    return !busy() && !(saved() instanceof WriteOutcome.Unknown);
  }

  WriteOutcome saved() {
    return switch (status) {
      case 200, 201 -> new WriteOutcome.Stored(new Version(sequence, term));
      case 409 -> new WriteOutcome.Stale();
      case 404 -> errorType.isEmpty() ? new WriteOutcome.Stale() : unknown();
      case 400, 413 -> environment() ? unknown() : new WriteOutcome.Unfit(reason);
      default -> unknown();
    };
  }

  /** Refused for the state of the index, which somebody can mend, and not for the record. */
  private boolean environment() {
    return errorType.equals("index_closed_exception")
        || errorType.equals("cluster_block_exception")
        || (errorType.equals("illegal_argument_exception") && reason.contains(" for alias ["));
  }

  private WriteOutcome.Unknown unknown() {
    return new WriteOutcome.Unknown("the store answered " + status + " " + errorType);
  }

  /**
   * The answers to the items of a request, in order. Of one that ends in the middle, those that are
   * whole.
   */
  static List<BulkItemResponse> ofAll(byte[] body) {
    List<BulkItemResponse> answers = new ArrayList<>();
    try (JsonParser json = RecordJson.mapper().createParser(body)) {
      while (json.nextToken() != null && json.currentToken() != JsonToken.START_ARRAY) {
        // on to the items
      }
      while (json.nextToken() == JsonToken.START_OBJECT) {
        answers.add(one(json));
      }
    } catch (IOException endedInTheMiddle) {
      return answers;
    }
    return answers;
  }

  private static BulkItemResponse one(JsonParser json) throws IOException {
    int status = 0;
    long sequence = -1;
    long term = -1;
    String type = "";
    String reason = "";
    json.nextToken(); // the operation's name
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
    return new BulkItemResponse(status, sequence, term, type, reason);
  }

  private static String reason(JsonNode error) {
    String reason = error.path("reason").asText();
    @Nullable String cause = error.path("caused_by").path("reason").textValue();
    return cause == null ? reason : reason + ": " + cause;
  }
}
