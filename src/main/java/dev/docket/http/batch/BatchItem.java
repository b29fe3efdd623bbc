package dev.docket.http.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.http.InvalidRequest;
import dev.docket.http.RequestBodyReader;
import dev.docket.http.Utf8Check;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * One item of a batch, as JSON text. The bytes belong to a buffer that is reused: they are valid
 * only until the operation on the item returns.
 */
public final class BatchItem {

  private final int index;
  private final byte[] bytes;
  private final int from;
  private final int length;

  BatchItem(int index, byte[] bytes, int from, int length) {
    this.index = index;
    this.bytes = bytes;
    this.from = from;
    this.length = length;
  }

  /** The position in the batch, counted from 0. */
  public int index() {
    return index;
  }

  /** The length in bytes. */
  int length() {
    return length;
  }

  /**
   * The item as a tree.
   *
   * @throws InvalidRequest if it is not JSON, or has a number or text that is too large to be read
   */
  public JsonNode tree(ObjectMapper mapper) {
    try {
      return mapper.readTree(bytes, from, length);
    } catch (IOException e) {
      throw RequestBodyReader.invalid(e);
    }
  }

  /** The item as it was sent. */
  public String text() {
    return new String(bytes, from, length, StandardCharsets.UTF_8);
  }

  /** Whether the text is valid UTF-8. */
  boolean isUtf8() {
    return Utf8Check.isValid(bytes, from, length);
  }

  /**
   * Deserializes and validates the item.
   *
   * @throws InvalidRequest if it is invalid
   */
  public <T> T read(RequestBodyReader bodies, Class<T> type) {
    return bodies.read(bytes, from, length, type);
  }
}
