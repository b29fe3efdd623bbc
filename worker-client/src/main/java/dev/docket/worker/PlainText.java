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
    return valid(text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH));
  }

  /** Replaces unpaired surrogates by U+FFFD. */
  static String valid(String text) {
    if (text.chars().noneMatch(unit -> Character.isSurrogate((char) unit))) {
      return text;
    }
    StringBuilder sanitized = new StringBuilder(text.length());
    text.codePoints()
        .map(point -> point >= 0xD800 && point <= 0xDFFF ? 0xFFFD : point)
        .forEach(sanitized::appendCodePoint);
    return sanitized.toString();
  }
}
