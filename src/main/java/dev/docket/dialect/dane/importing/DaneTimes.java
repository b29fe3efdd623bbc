package dev.docket.dialect.dane.importing;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads DANE's times, which have no time zone.
 *
 * @param zone the time zone of the server that wrote them
 */
record DaneTimes(ZoneId zone) {

  /** The time; empty if it is missing or unreadable. */
  Optional<Instant> read(JsonNode time) {
    if (!time.isTextual()) {
      return Optional.empty();
    }
    String text = time.textValue().strip();
    return parse(() -> LocalDateTime.parse(text).atZone(zone).toInstant())
        .or(() -> parse(() -> OffsetDateTime.parse(text).toInstant()));
  }

  private static Optional<Instant> parse(Supplier<Instant> parser) {
    try {
      return Optional.of(parser.get());
    } catch (DateTimeException unreadable) {
      return Optional.empty();
    }
  }
}
