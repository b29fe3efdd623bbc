package dev.docket.http.batch;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads lines, and says before it waits for more of them. */
final class LineReader {

  private static final int INITIAL_BUFFER_SIZE = 1 << 16;

  private final InputStream in;
  private final int longest;
  private final Pause pause;

  private byte[] buffer = new byte[INITIAL_BUFFER_SIZE];

  /** What was read goes to here, and what no line has been made of begins at {@code unread}. */
  private int to;

  private int unread;
  private int begin;
  private int length;
  private boolean tooLong;

  /** Called whenever there is nothing to be read at the moment; it may take its time. */
  interface Pause {
    void begins() throws IOException;
  }

  /**
   * @param longest the most bytes of a line
   */
  LineReader(InputStream in, int longest, Pause pause) {
    this.in = in;
    this.longest = longest;
    this.pause = pause;
  }

  /** Reads the next line; false: there is no more. */
  boolean next() throws IOException {
    boolean discarded = false;
    int scanned = unread;
    while (true) {
      int end = endOfLine(scanned);
      if (end >= 0) {
        line(end, discarded);
        unread = end + 1;
        return true;
      }
      if (to - unread > longest) {
        discarded = true;
        unread = to;
      }
      int kept = to - unread;
      if (!fill()) {
        line(to, discarded);
        unread = to;
        return kept > 0 || discarded;
      }
      scanned = unread + kept;
    }
  }

  private void line(int end, boolean discarded) {
    begin = unread;
    length = end - begin;
    tooLong = discarded || length > longest;
  }

  /** Whether the line is longer than it may be. */
  boolean tooLong() {
    return tooLong;
  }

  /** Whether there is nothing in the line. */
  boolean blank() {
    for (int i = begin; i < begin + length; i++) {
      if (buffer[i] != ' ' && buffer[i] != '\t' && buffer[i] != '\r') {
        return false;
      }
    }
    return !tooLong;
  }

  /** The line, without its end, until the next one is read. */
  BatchItem item(int index) {
    return new BatchItem(index, buffer, begin, length);
  }

  private int endOfLine(int at) {
    for (int i = at; i < to; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** Reads more behind what is there; false: that was all. */
  private boolean fill() throws IOException {
    if (unread > 0) {
      System.arraycopy(buffer, unread, buffer, 0, to - unread);
      to -= unread;
      unread = 0;
    }
    if (to == buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.min(2 * to, Math.max(longest + 1, INITIAL_BUFFER_SIZE)));
    }
    if (in.available() == 0) {
      pause.begins();
    }
    int count = in.read(buffer, to, buffer.length - to);
    to += Math.max(0, count);
    return count >= 0;
  }
}
