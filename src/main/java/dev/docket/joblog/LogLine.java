package dev.docket.joblog;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A line of a log.
 *
 * @param at when it was written, by the clock of its writer
 * @param message without line breaks and control characters
 */
public record LogLine(Instant at, LogLevel level, String message) {

  /** The size of the line, as limits count it: the message in UTF-8 and a line break. */
  long bytes() {
    return message.getBytes(StandardCharsets.UTF_8).length + 1L;
  }
}
