package dev.docket.search;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Replaces line breaks with spaces. In JSON they only occur between values, as in a payload that
 * was uploaded with indentation.
 */
final class SingleLine extends FilterOutputStream {

  SingleLine(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int b) throws IOException {
    out.write(isLineBreak(b) ? ' ' : b);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int start = offset;
    for (int i = offset; i < offset + length; i++) {
      if (isLineBreak(bytes[i])) {
        out.write(bytes, start, i - start);
        out.write(' ');
        start = i + 1;
      }
    }
    out.write(bytes, start, offset + length - start);
  }

  private static boolean isLineBreak(int b) {
    return b == '\n' || b == '\r';
  }
}
