package dev.docket.console;

import dev.docket.http.InvalidRequest;
import dev.docket.http.PayloadTooLarge;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a form that a browser sent, {@code application/x-www-form-urlencoded} in UTF-8.
 * Line breaks of texts are those of JSON, not of HTTP. Of several fields with one name, the first
 * counts.
 */
record FormBody(Map<String, String> fields) {

  /** Enough for a result of the maximum size, of whose bytes each can be three characters. */
  static final int MAX_BYTES = 4 * 1024 * 1024;

  static final int MAX_FIELDS = 2_000;

  FormBody {
    fields = Map.copyOf(fields);
  }

  /**
   * Reads a form.
   *
   * @throws PayloadTooLarge if it exceeds {@link #MAX_BYTES} or {@link #MAX_FIELDS}
   * @throws InvalidRequest if it is not a form in UTF-8
   */
  static FormBody read(InputStream body) throws IOException {
    byte[] bytes = body.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new PayloadTooLarge("a form must be at most " + MAX_BYTES + " bytes");
    }
    Map<String, String> fields = new LinkedHashMap<>();
    int count = 0;
    for (int from = 0; from < bytes.length; ) {
      int end = indexOf(bytes, '&', from, bytes.length);
      int equals = indexOf(bytes, '=', from, end);
      if (++count > MAX_FIELDS) {
        throw new PayloadTooLarge("a form must have at most " + MAX_FIELDS + " fields");
      }
      if (end > from) {
        fields.putIfAbsent(
            decoded(bytes, from, equals), decoded(bytes, Math.min(equals + 1, end), end));
      }
      from = end + 1;
    }
    return new FormBody(fields);
  }

  private static int indexOf(byte[] bytes, char wanted, int from, int to) {
    int i = from;
    while (i < to && bytes[i] != wanted) {
      i++;
    }
    return i;
  }

  private static String decoded(byte[] bytes, int from, int to) {
    ByteArrayOutputStream decoded = new ByteArrayOutputStream(to - from);
    for (int i = from; i < to; i++) {
      if (bytes[i] == '%') {
        if (i + 2 >= to || hex(bytes[i + 1]) < 0 || hex(bytes[i + 2]) < 0) {
          throw malformed();
        }
        decoded.write(hex(bytes[i + 1]) * 16 + hex(bytes[i + 2]));
        i += 2;
      } else {
        decoded.write(bytes[i] == '+' ? ' ' : bytes[i]);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(decoded.toByteArray()))
          .toString()
          .replace("\r\n", "\n");
    } catch (CharacterCodingException e) {
      throw malformed();
    }
  }

  private static int hex(byte digit) {
    return Character.digit(digit, 16);
  }

  private static InvalidRequest malformed() {
    return InvalidRequest.field("", "must be a form in UTF-8, percent-encoded");
  }

  /** The value of a field; empty if the form lacks it. */
  String text(String name) {
    return fields.getOrDefault(name, "");
  }

  /** The number in a field; null if it has none. */
  @Nullable Integer number(String name) {
    String text = text(name);
    return text.matches("\\d{1,9}") ? Integer.valueOf(text) : null;
  }
}
