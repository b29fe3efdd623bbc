package dev.docket.joblog;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The position of a line. Clients pass it back and do not interpret it.
 *
 * @param line the index of the line in its chunk, from 0
 */
record LogCursor(int attempt, int chunk, int line) {

  private static final Pattern FORM = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})\\.(\\d{1,9})");

  /**
   * Reads a cursor.
   *
   * @throws IllegalArgumentException if it is malformed; the message says what is allowed
   */
  static LogCursor fromString(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("must be the value of next in a page of this log");
    }
    return new LogCursor(
        Integer.parseInt(form.group(1)),
        Integer.parseInt(form.group(2)),
        Integer.parseInt(form.group(3)));
  }

  @Override
  public String toString() {
    return attempt + "." + chunk + "." + line;
  }
}
