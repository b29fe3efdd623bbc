package dev.docket.dialect.dane.index;

import java.io.IOException;
import java.io.InputStream;

/** A position in a JSON text in UTF-8 that moves forward, both in characters and in bytes. */
final class Utf8Position {

  private static final int BUFFER_BYTES = 16 * 1024;

  private final InputStream text;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int buffered;
  private int next;
  private long bytes;
  private long characters;
  private long lastVisible = -1;
  private long visibleBefore = -1;

  Utf8Position(SpooledBody text) {
    this.text = text.open(0, text.size());
  }

  /** The number of bytes before this position. */
  long bytes() {
    return bytes;
  }

  /**
   * Moves forward.
   *
   * @param position the number of characters (of UTF-16) before the new position
   */
  void moveTo(long position) throws IOException {
    while (characters < position) {
      accept(nextByte());
      while (isContinuation(peek())) {
        accept(nextByte());
      }
    }
  }

  private void accept(int b) {
    if (!isContinuation(b)) {
      // Characters of four bytes are a surrogate pair in UTF-16.
      characters += b >= 0xF0 ? 2 : 1;
    }
    if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
      visibleBefore = lastVisible;
      lastVisible = bytes;
    }
    bytes++;
  }

  /**
   * Where the value ends that precedes this position.
   *
   * @param comma whether a comma follows the value
   */
  long endOfValue(boolean comma) {
    return (comma ? visibleBefore : lastVisible) + 1;
  }

  private static boolean isContinuation(int b) {
    return (b & 0xC0) == 0x80;
  }

  private int nextByte() throws IOException {
    int b = peek();
    if (b < 0) {
      throw new IOException("the text is shorter than before");
    }
    next++;
    return b;
  }

  private int peek() throws IOException {
    if (next == buffered) {
      buffered = Math.max(0, text.read(buffer));
      next = 0;
    }
    return next == buffered ? -1 : buffer[next] & 0xFF;
  }
}
