package dev.docket.http;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Checks that bytes are valid UTF-8. Jackson does not: it accepts overlong forms, and makes
 * unpaired surrogates of some invalid ones. Not thread-safe.
 */
public final class Utf8Check {

  private static final int CHARS = 1024;

  /** Created when it is needed: most bodies are ASCII. */
  private @Nullable CharsetDecoder decoder;

  private CharBuffer decoded = CharBuffer.allocate(0);

  /** The beginning of a character whose other bytes have not arrived; at most three bytes. */
  private byte[] incomplete = {};

  /** Whether all bytes are valid UTF-8. */
  public static boolean isValid(byte[] bytes, int from, int length) {
    Utf8Check check = new Utf8Check();
    return check.accept(bytes, from, length) && check.isComplete();
  }

  /** Whether the next bytes can continue the text. */
  boolean accept(byte[] bytes, int from, int length) {
    if (incomplete.length == 0 && isAscii(bytes, from, length)) {
      return true;
    }
    CharsetDecoder utf8 = decoder;
    if (utf8 == null) {
      utf8 = StandardCharsets.UTF_8.newDecoder();
      decoder = utf8;
      decoded = CharBuffer.allocate(CHARS);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, from, length);
    if (incomplete.length > 0) {
      in = ByteBuffer.allocate(incomplete.length + length).put(incomplete).put(in).flip();
    }
    CoderResult result;
    do {
      decoded.clear();
      result = utf8.decode(in, decoded, false);
    } while (result.isOverflow());
    incomplete = new byte[in.remaining()];
    in.get(incomplete);
    return result.isUnderflow();
  }

  private static boolean isAscii(byte[] bytes, int from, int length) {
    for (int i = from; i < from + length; i++) {
      if (bytes[i] < 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether the text can end here. */
  boolean isComplete() {
    return incomplete.length == 0;
  }
}
