package dev.docket.joblog;

/**
 * A line as readers see it.
 *
 * @param number the number of the line in the log of its run, from 1
 */
record FoundLine(LogCursor cursor, long number, LogLine line) {

  /** The form in responses. */
  LineView view() {
    return new LineView(cursor.attempt(), number, line.at(), line.level(), line.message());
  }

  /** The form in plain text. */
  String text() {
    return line.at() + " " + line.level() + " " + line.message();
  }
}
