package dev.docket.joblog;

import java.util.Locale;

/** The level of a line, from the least to the most severe. */
public enum LogLevel {
  TRACE,
  DEBUG,
  INFO,
  WARN,
  ERROR;

  /**
   * Reads a level in any case, also by the names that Python and syslog use.
   *
   * @throws IllegalArgumentException if it is unknown; the message says what is allowed
   */
  public static LogLevel fromString(String text) {
    return switch (text.toUpperCase(Locale.ROOT)) {
      case "TRACE" -> TRACE;
      case "DEBUG" -> DEBUG;
      case "INFO", "NOTICE" -> INFO;
      case "WARN", "WARNING" -> WARN;
      case "ERROR", "CRITICAL", "FATAL" -> ERROR;
      default ->
          throw new IllegalArgumentException("must be one of TRACE, DEBUG, INFO, WARN, ERROR");
    };
  }
}
