package dev.docket.examples;

import java.text.Bidi;

/** Estimates the width of text in a terminal, and fits text to a width. */
final class TextWidth {

  private static final int ELLIPSIS = '\u2026';
  private static final String LEFT_TO_RIGHT = "\u200E";

  private TextWidth() {}

  /** The width in columns: 2 for a wide character such as an ideograph, 0 for a combining mark. */
  static int of(String text) {
    return text.codePoints().map(TextWidth::of).sum();
  }

  private static int of(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
      default -> isWide(codePoint) ? 2 : 1;
    };
  }

  private static boolean isWide(int codePoint) {
    return between(codePoint, 0x1100, 0x115F) // Hangul Jamo
        || between(codePoint, 0x2E80, 0x303E) // radicals, punctuation
        || between(codePoint, 0x3041, 0xA4CF) // Kana, ideographs, Yi
        || between(codePoint, 0xAC00, 0xD7A3) // Hangul syllables
        || between(codePoint, 0xF900, 0xFAFF) // compatibility ideographs
        || between(codePoint, 0xFE30, 0xFE6F) // compatibility forms
        || between(codePoint, 0xFF00, 0xFF60) // full-width forms
        || between(codePoint, 0xFFE0, 0xFFE6)
        || between(codePoint, 0x1F300, 0x1FAFF) // pictographs
        || between(codePoint, 0x20000, 0x3FFFD); // further ideographs
  }

  private static boolean between(int codePoint, int first, int last) {
    return codePoint >= first && codePoint <= last;
  }

  /** Replaces control characters and line breaks with a question mark. */
  static String printable(String text) {
    StringBuilder printable = new StringBuilder();
    text.codePoints()
        .map(each -> Character.isISOControl(each) || isLineBreak(each) ? '?' : each)
        .forEach(printable::appendCodePoint);
    return printable.toString();
  }

  private static boolean isLineBreak(int codePoint) {
    return codePoint == 0x2028 || codePoint == 0x2029;
  }

  /** Shortens text that is too wide in the middle, so that the file extension stays visible. */
  static String cut(String text, int columns) {
    if (of(text) <= columns) {
      return text;
    }
    int[] codePoints = text.codePoints().toArray();
    int tail = columns / 3;
    int head = columns - 1 - tail;
    int end = 0;
    for (int remaining = head; end < codePoints.length && of(codePoints[end]) <= remaining; end++) {
      remaining -= of(codePoints[end]);
    }
    int start = codePoints.length;
    for (int remaining = tail; start > end && of(codePoints[start - 1]) <= remaining; start--) {
      remaining -= of(codePoints[start - 1]);
    }
    while (start < codePoints.length && of(codePoints[start]) == 0) {
      start++;
    }
    return new StringBuilder()
        .append(new String(codePoints, 0, end))
        .appendCodePoint(ELLIPSIS)
        .append(new String(codePoints, start, codePoints.length - start))
        .toString();
  }

  /**
   * Pads the text to a width. A mark after right-to-left text keeps the direction of the text that
   * follows it.
   */
  static String padded(String text, int columns, boolean right) {
    String spaces = " ".repeat(Math.max(0, columns - of(text)));
    char[] chars = text.toCharArray();
    String marked = Bidi.requiresBidi(chars, 0, chars.length) ? text + LEFT_TO_RIGHT : text;
    return right ? spaces + marked : marked + spaces;
  }
}
