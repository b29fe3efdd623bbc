package dev.docket.http.batch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.docket.http.InvalidRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.RandomAccess;

/**
 * The items of a JSON array: the received bytes, with the offsets of each item. The whole body is
 * parsed first, so no operation starts for a body that is not JSON. No tree is built, as it would
 * take many times the memory.
 */
public final class ArrayItems extends AbstractList<BatchItem> implements RandomAccess {

  private final byte[] body;

  /** Two offsets for each item: its first byte, and the byte after its last one. */
  private int[] offsets = new int[64];

  private int size;

  private ArrayItems(byte[] body) {
    this.body = body;
  }

  /**
   * Reads the body to its end.
   *
   * @param itemNoun what the items are, in the plural, for the error message
   * @throws JsonProcessingException if the body is not JSON
   * @throws InvalidRequest if it is not an array, or has more than {@code maxItems} items
   */
  public static ArrayItems read(InputStream in, JsonFactory factory, int maxItems, String itemNoun)
      throws IOException {
    ArrayItems items = new ArrayItems(in.readAllBytes());
    try (JsonParser json = factory.createParser(items.body)) {
      boolean array = json.nextToken() == JsonToken.START_ARRAY;
      if (array) {
        items.locate(json);
      } else {
        json.skipChildren();
      }
      if (json.nextToken() != null) {
        throw new JsonParseException(json, "unexpected content after the end of the value");
      }
      if (!array || items.size > maxItems) {
        throw InvalidRequest.field("", "must be an array of at most " + maxItems + " " + itemNoun);
      }
    }
    return items;
  }

  private void locate(JsonParser json) throws IOException {
    while (json.nextToken() != JsonToken.END_ARRAY) {
      long begin = json.currentTokenLocation().getByteOffset();
      json.skipChildren();
      json.finishToken();
      long end = json.currentLocation().getByteOffset();
      if (begin < 0) {
        throw new InvalidRequest("the body must be JSON in UTF-8", java.util.List.of());
      }
      if (2 * size == offsets.length) {
        offsets = Arrays.copyOf(offsets, 2 * offsets.length);
      }
      offsets[2 * size] = (int) begin;
      offsets[2 * size + 1] = (int) end;
      size++;
    }
  }

  /** The number of items. */
  @Override
  public int size() {
    return size;
  }

  /** The item with this index, counted from 0. */
  @Override
  public BatchItem get(int index) {
    int begin = offsets[2 * index];
    return new BatchItem(index, body, begin, offsets[2 * index + 1] - begin);
  }
}
