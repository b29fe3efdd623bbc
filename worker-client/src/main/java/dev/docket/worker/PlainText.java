package dev.docket.worker;

import org.jspecify.annotations.Nullable;

/** Converts text of handlers and exceptions into text that can be sent to the server. */
final class PlainText {

  /** The maximum length of a message, in characters. */
  static final int MAX_LENGTH = 4096;

  private PlainText() {}

  /** Truncates long text and replaces unpaired surrogates, which UTF-8 cannot encode, by U+FFFD. */
  static String of(@Nullable String text) {
    if (text == null) {
      return "";
    }
    String truncated = text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH);
    if (truncated.chars().noneMatch(unit -> Character.isSurrogate((char) unit))) {
      return truncated;
    }
    StringBuilder sanitized = new StringBuilder(truncated.length());
    truncated
        .codePoints()
        .map(point -> point >= 0xD800 && point <= 0xDFFF ? 0xFFFD : point)
        .forEach(sanitized::appendCodePoint);
    return sanitized.toString();
  }
}
