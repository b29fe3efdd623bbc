package dev.docket.http.batch;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads lines, and notifies a listener before it waits for input. */
final class LineReader {

  private static final int INITIAL_BUFFER_SIZE = 1 << 16;

  private final InputStream in;
  private final int maxLength;
  private final IdleListener idleListener;

  private byte[] buffer = new byte[INITIAL_BUFFER_SIZE];

  /** The end of the buffered bytes. Those from {@code unread} on are not part of a line yet. */
  private int limit;

  private int unread;
  private int begin;
  private int length;
  private boolean tooLong;

  /** Called when no input is available, before a read that may block. May block itself. */
  interface IdleListener {
    void onIdle() throws IOException;
  }

  /**
   * Creates a reader.
   *
   * @param maxLength maximum length of a line, in bytes
   */
  LineReader(InputStream in, int maxLength, IdleListener idleListener) {
    this.in = in;
    this.maxLength = maxLength;
    this.idleListener = idleListener;
  }

  /** Reads the next line. Returns false at the end of the input. */
  boolean next() throws IOException {
    boolean discarded = false;
    int scanned = unread;
    while (true) {
      int end = endOfLine(scanned);
      if (end >= 0) {
        setLine(end, discarded);
        unread = end + 1;
        return true;
      }
      if (limit - unread > maxLength) {
        discarded = true;
        unread = limit;
      }
      int remaining = limit - unread;
      if (!fill()) {
        setLine(limit, discarded);
        unread = limit;
        return remaining > 0 || discarded;
      }
      scanned = unread + remaining;
    }
  }

  private void setLine(int end, boolean discarded) {
    begin = unread;
    length = end - begin;
    tooLong = discarded || length > maxLength;
  }

  /** Whether the line exceeds the maximum length. */
  boolean tooLong() {
    return tooLong;
  }

  /** Whether the line contains only white space. */
  boolean blank() {
    for (int i = begin; i < begin + length; i++) {
      if (buffer[i] != ' ' && buffer[i] != '\t' && buffer[i] != '\r') {
        return false;
      }
    }
    return !tooLong;
  }

  /** The line without its terminator. Valid until the next line is read. */
  BatchItem item(int index) {
    return new BatchItem(index, buffer, begin, length);
  }

  private int endOfLine(int from) {
    for (int i = from; i < limit; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** Appends input to the buffer. Returns false at the end of the input. */
  private boolean fill() throws IOException {
    if (unread > 0) {
      System.arraycopy(buffer, unread, buffer, 0, limit - unread);
      limit -= unread;
      unread = 0;
    }
    if (limit == buffer.length) {
      buffer =
          Arrays.copyOf(buffer, Math.min(2 * limit, Math.max(maxLength + 1, INITIAL_BUFFER_SIZE)));
    }
    if (in.available() == 0) {
      idleListener.onIdle();
    }
    int count = in.read(buffer, limit, buffer.length - limit);
    limit += Math.max(0, count);
    return count >= 0;
  }
}
