package dev.docket.worker;

import org.jspecify.annotations.Nullable;

/** Makes text fit to be sent, whatever a handler or an exception has put into it. */
final class PlainText {

  /** What the server keeps of a message. */
  static final int MAX_LENGTH = 4096;

  private PlainText() {}

  /** Half surrogate pairs, which UTF-8 cannot carry, become U+FFFD; what is too long is cut. */
  static String of(@Nullable String text) {
    if (text == null) {
      return "";
    }
    String cut = text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH);
    if (cut.chars().noneMatch(unit -> Character.isSurrogate((char) unit))) {
      return cut;
    }
    StringBuilder clean = new StringBuilder(cut.length());
    cut.codePoints()
        .map(point -> point >= 0xD800 && point <= 0xDFFF ? 0xFFFD : point)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }
}
