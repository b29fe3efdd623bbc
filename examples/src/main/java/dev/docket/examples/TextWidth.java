package dev.docket.examples;

import java.text.Bidi;

/** How much room text takes in a terminal, as far as one can know. */
final class TextWidth {

  private static final int ELLIPSIS = '\u2026';
  private static final String LEFT_TO_RIGHT = "\u200E";

  private TextWidth() {}

  /** The number of columns: 2 for each ideograph and the like, none for what combines. */
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

  /** The text on one line and without what would move the cursor. */
  static String printable(String text) {
    StringBuilder clean = new StringBuilder();
    text.codePoints()
        .map(each -> Character.isISOControl(each) || isLineBreak(each) ? '?' : each)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  private static boolean isLineBreak(int codePoint) {
    return codePoint == 0x2028 || codePoint == 0x2029;
  }

  /** Cut in the middle, if needed, to no more than so many columns; the end has the extension. */
  static String cut(String text, int columns) {
    if (of(text) <= columns) {
      return text;
    }
    int[] points = text.codePoints().toArray();
    int tail = columns / 3;
    int head = columns - 1 - tail;
    int end = 0;
    for (int room = head; end < points.length && of(points[end]) <= room; end++) {
      room -= of(points[end]);
    }
    int start = points.length;
    for (int room = tail; start > end && of(points[start - 1]) <= room; start--) {
      room -= of(points[start - 1]);
    }
    while (start < points.length && of(points[start]) == 0) {
      start++;
    }
    return new StringBuilder()
        .append(new String(points, 0, end))
        .appendCodePoint(ELLIPSIS)
        .append(new String(points, start, points.length - start))
        .toString();
  }

  /** Padded to that many columns; text that runs to the left does not pull its neighbours along. */
  static String padded(String text, int columns, boolean right) {
    String spaces = " ".repeat(Math.max(0, columns - of(text)));
    char[] letters = text.toCharArray();
    String guarded = Bidi.requiresBidi(letters, 0, letters.length) ? text + LEFT_TO_RIGHT : text;
    return right ? spaces + guarded : guarded + spaces;
  }
}
