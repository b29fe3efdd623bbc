package dev.docket.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A request that mutations change before it is sent. Not thread-safe. */
final class RequestDraft {

  /** How the body is sent. */
  enum Framing {
    LENGTH,
    CHUNKED,
    GZIP,
    /** Less than the announced length, then the end of the input. */
    TRUNCATED,
    /** Less than the announced length, then a reset of the connection. */
    RESET,
    INVALID_CHUNK,
    INVALID_GZIP,
    /** Both {@code Content-Length} and {@code Transfer-Encoding}. */
    LENGTH_AND_CHUNKED;

    private boolean isBroken() {
      return this != LENGTH && this != CHUNKED && this != GZIP;
    }
  }

  /** A header, or a query parameter in its encoded form. */
  record Field(String name, String value) {}

  final String route;
  final boolean store;
  String method;
  String version = "HTTP/1.1";

  /** The path without its query, encoded. */
  String path;

  final List<Field> query = new ArrayList<>();
  final List<Field> headers = new ArrayList<>();

  /** The body; missing if there is none, an array of the lines for NDJSON. */
  JsonNode json;

  boolean ndjson;

  /** Text that replaces the body. */
  String text = "";

  Framing framing = Framing.LENGTH;

  /** Whether the client goes away as soon as it has the headers of the answer. */
  boolean leaves;

  /** The names of the mutations that were applied. */
  final List<String> mutations = new ArrayList<>();

  /**
   * @param store whether the request goes to the port of {@code dane.store}
   */
  RequestDraft(String route, boolean store, String method, String path, JsonNode json) {
    this.route = route;
    this.store = store;
    this.method = method;
    this.path = path;
    this.json = json;
  }

  /** Whether the server cannot know where the body ends, so that there may be no response. */
  boolean isFramingBroken() {
    return (hasBody() && framing.isBroken())
        || headers.stream()
            .anyMatch(
                header ->
                    header.name().equals("Content-Length")
                        || header.name().equals("Transfer-Encoding"));
  }

  boolean hasBody() {
    return !json.isMissingNode() || !text.isEmpty();
  }
}
