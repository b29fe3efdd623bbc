package dev.docket.joblog;

import dev.docket.http.InvalidRequest;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Selects lines of a task's logs.
 *
 * @param all whether the lines of all runs are selected
 * @param attempt the attempt whose lines are selected; null for the current one
 * @param after the line before the first selected one; null for the beginning
 */
record LogQuery(
    boolean all, @Nullable Integer attempt, @Nullable LogCursor after, LogLevel minLevel) {

  /**
   * Parses query parameters.
   *
   * @throws InvalidRequest that names the invalid parameter and what is allowed
   */
  static LogQuery read(@Nullable String attempt, @Nullable String after, @Nullable String level) {
    return new LogQuery(
        "all".equals(attempt),
        attempt == null || attempt.equals("all") || attempt.equals("current")
            ? null
            : value("attempt", attempt, LogQuery::number),
        after == null ? null : value("after", after, LogCursor::fromString),
        level == null ? LogLevel.TRACE : value("level", level, LogLevel::fromString));
  }

  private static int number(String text) {
    if (!text.matches("[1-9]\\d{0,8}")) {
      throw new IllegalArgumentException("must be current, all, or the number of an attempt");
    }
    return Integer.parseInt(text);
  }

  private static <T> T value(String name, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.field(name, String.valueOf(e.getMessage()));
    }
  }
}
