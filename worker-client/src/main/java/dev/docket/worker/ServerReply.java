package dev.docket.worker;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** What the server answered, and what that means for the next call. */
final class ServerReply {

  private static final Duration MAX_RETRY_AFTER = Duration.ofMinutes(1);

  private final int status;
  private final Optional<String> retryAfter;
  private final byte[] body;

  ServerReply(int status, Optional<String> retryAfter, byte[] body) {
    this.status = status;
    this.retryAfter = retryAfter;
    this.body = body;
  }

  int status() {
    return status;
  }

  boolean taken() {
    return status == 200;
  }

  /** Whether something in the body was not to the server's liking, so that waiting is no use. */
  boolean refused() {
    return status == 400 || status == 413 || status == 422;
  }

  /** Whether only a person can mend it. */
  boolean hopeless() {
    return !taken() && !refused() && status != 408 && status != 429 && status < 500;
  }

  /** What a person should know; empty if all is well. */
  Optional<String> error() {
    if (taken() || refused() || status == 429) {
      return Optional.empty();
    }
    if (status == 401 || status == 403) {
      return Optional.of(
          "it answers " + status + ": set the worker's token to a key that may work on its tasks");
    }
    if (hopeless()) {
      return Optional.of("it answers " + status + ": check the address, this is no Docket server");
    }
    return Optional.of("it answers " + status);
  }

  /** How long the server asks to be left alone, at most a minute. */
  Optional<Duration> retryAfter(Instant now) {
    return retryAfter
        .flatMap(text -> parse(text.trim(), now))
        .map(asked -> asked.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : asked)
        .filter(asked -> !asked.isNegative());
  }

  <T> T read(Class<T> type) throws IOException {
    return WireJson.read(body, type);
  }

  /** What the server says about a refusal, for people. */
  String why() {
    try {
      JsonNode detail = read(JsonNode.class).path("detail");
      if (detail.isTextual()) {
        return detail.textValue();
      }
    } catch (IOException noProblem) {
      // then it is plain text, or a page of a proxy
    }
    String text = new String(body, StandardCharsets.UTF_8).strip();
    return text.isEmpty() ? "status " + status : text.substring(0, Math.min(200, text.length()));
  }

  private static Optional<Duration> parse(String text, Instant now) {
    try {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    } catch (NumberFormatException noSeconds) {
      try {
        Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        return Optional.of(Duration.between(now, until));
      } catch (DateTimeParseException noDate) {
        return Optional.empty();
      }
    }
  }
}
