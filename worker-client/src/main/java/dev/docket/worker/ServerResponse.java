package dev.docket.worker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.wire.ResultUpload;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalLong;

/** A response of the server, and what it means for the next call. */
final class ServerResponse {

  private static final Duration MAX_RETRY_AFTER = Duration.ofMinutes(1);

  private final int status;
  private final HttpHeaders headers;
  private final byte[] body;

  ServerResponse(int status, HttpHeaders headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  int status() {
    return status;
  }

  boolean isOk() {
    return status == 200;
  }

  /** Whether the server rejected the request body, so that a retry of the same body is useless. */
  boolean isRejected() {
    return status == 400 || status == 413 || status == 422;
  }

  /** Whether the error is in the worker's configuration, so that only a person can fix it. */
  boolean isConfigurationError() {
    return !isOk()
        && !isRejected()
        && !isWrongOffset()
        && status != 408
        && status != 429
        && status < 500;
  }

  /** Whether the response to an upload says that the run has ended or has another lease. */
  boolean isRunLost() {
    return status == 404 || (status == 409 && !isWrongOffset());
  }

  /** Whether the response to an upload rejects only the position at which the body begins. */
  private boolean isWrongOffset() {
    return status == 409 && headers.firstValue(ResultUpload.OFFSET_HEADER).isPresent();
  }

  /** How many bytes of an upload the server has kept; empty if the response does not say so. */
  OptionalLong uploadOffset() {
    try {
      return headers.firstValueAsLong(ResultUpload.OFFSET_HEADER);
    } catch (NumberFormatException notNumber) {
      return OptionalLong.empty();
    }
  }

  /** The error to log; empty if there is none to log. */
  Optional<String> error() {
    if (isOk() || isRejected() || isWrongOffset() || status == 429) {
      return Optional.empty();
    }
    if (status == 401 || status == 403) {
      return Optional.of(
          "status " + status + "; set the worker's token to an API key that may work on its tasks");
    }
    if (isConfigurationError()) {
      return Optional.of("status " + status + "; check the address, it may not be a Docket server");
    }
    return Optional.of("status " + status);
  }

  /** The delay that the server requests with {@code Retry-After}, at most a minute. */
  Optional<Duration> retryAfter(Instant now) {
    return headers
        .firstValue("Retry-After")
        .flatMap(text -> parse(text.trim(), now))
        .map(requested -> requested.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : requested)
        .filter(requested -> !requested.isNegative());
  }

  <T> T read(Class<T> type) throws IOException {
    return WireJson.read(body, type);
  }

  /** The server's human-readable reason for a rejection. */
  String errorDetail() {
    try {
      JsonNode detail = read(JsonNode.class).path("detail");
      if (detail.isTextual()) {
        return detail.textValue();
      }
    } catch (IOException e) {
      // The body is plain text, or a proxy's error page.
    }
    String text = new String(body, StandardCharsets.UTF_8).strip();
    return text.isEmpty() ? "status " + status : text.substring(0, Math.min(200, text.length()));
  }

  private static Optional<Duration> parse(String text, Instant now) {
    try {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    } catch (NumberFormatException notSeconds) {
      try {
        Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        return Optional.of(Duration.between(now, until));
      } catch (DateTimeParseException notDate) {
        return Optional.empty();
      }
    }
  }
}
