package dev.docket.http.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.http.InvalidRequest;
import dev.docket.http.RequestBodyReader;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * One item of a batch, as JSON text. The bytes are lent: they are read while the item is dealt with
 * and not afterwards.
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

  /** Its place in the batch, from 0. */
  public int index() {
    return index;
  }

  /** In bytes. */
  int length() {
    return length;
  }

  /** As a tree; what is in a batch is JSON. */
  public JsonNode tree(ObjectMapper mapper) {
    try {
      return mapper.readTree(bytes, from, length);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /**
   * Reads it.
   *
   * @throws InvalidRequest if it is not as it must be
   */
  public <T> T read(RequestBodyReader bodies, Class<T> type) {
    return bodies.read(bytes, from, length, type);
  }
}
