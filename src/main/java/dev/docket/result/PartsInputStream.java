package dev.docket.result;

import dev.docket.task.ResultId;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Reads the parts of a payload one after the other; fails with {@link ResultNotFound} if the result
 * is deleted meanwhile.
 */
final class PartsInputStream extends InputStream {

  private final ResultId id;
  private final IntFunction<Optional<PayloadPart>> parts;
  private long remaining;
  private int number;
  private byte[] part = {};
  private int position;

  /**
   * @param bytes the number of bytes to read
   * @param parts reads a part; blocks
   */
  PartsInputStream(ResultId id, long bytes, IntFunction<Optional<PayloadPart>> parts) {
    this.id = id;
    this.remaining = bytes;
    this.parts = parts;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (remaining == 0) {
      return -1;
    }
    if (position == part.length) {
      // A part is missing if the result was deleted after it was found.
      part = parts.apply(number++).orElseThrow(() -> new ResultNotFound(id)).bytes();
      position = 0;
    }
    int count = (int) Math.min(Math.min(length, part.length - position), remaining);
    System.arraycopy(part, position, into, offset, count);
    position += count;
    remaining -= count;
    return count;
  }
}
