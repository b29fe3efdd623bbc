package dev.docket.joblog;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Converts text of any kind into lines that the store accepts and a terminal shows safely. */
final class LogText {

  private static final Pattern LINE_BREAK = Pattern.compile("\r\n|[\n\r\u0085\u2028\u2029]");

  /** Escape sequences that programs use for colors and cursor movements. */
  private static final Pattern ESCAPE_SEQUENCE =
      Pattern.compile("\u001b\\[[0-?]{0,64}[ -/]{0,16}[@-~]");

  private static final int REPLACEMENT = 0xFFFD;

  private LogText() {}

  /**
   * Splits a text at its line breaks, and cuts each line. A line break at the end starts no further
   * line. Removes escape sequences; replaces control characters except tabs, and halves of
   * surrogate pairs, by U+FFFD.
   *
   * @param maxLength the number of characters (UTF-16) that are kept of a line
   */
  static List<String> lines(String text, int maxLength) {
    List<String> lines = new ArrayList<>();
    for (String line : LINE_BREAK.split(text, -1)) {
      lines.add(cut(printable(line), maxLength));
    }
    if (lines.size() > 1 && lines.get(lines.size() - 1).isEmpty()) {
      lines.remove(lines.size() - 1);
    }
    return lines;
  }

  private static String printable(String line) {
    if (line.codePoints().allMatch(LogText::isPrintable)) {
      return line;
    }
    StringBuilder printable = new StringBuilder(line.length());
    ESCAPE_SEQUENCE
        .matcher(line)
        .replaceAll("")
        .codePoints()
        .map(point -> isPrintable(point) ? point : REPLACEMENT)
        .forEach(printable::appendCodePoint);
    return printable.toString();
  }

  private static boolean isPrintable(int point) {
    return point == '\t'
        || (!Character.isISOControl(point)
            && (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE));
  }

  private static String cut(String line, int maxLength) {
    if (line.length() <= maxLength) {
      return line;
    }
    boolean splitsPair = Character.isHighSurrogate(line.charAt(maxLength - 1));
    return line.substring(0, maxLength - (splitsPair ? 1 : 0))
        + " … [cut; the line had "
        + line.length()
        + " characters]";
  }
}
