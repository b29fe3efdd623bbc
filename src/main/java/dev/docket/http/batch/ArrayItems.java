package dev.docket.http.batch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.docket.http.InvalidRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The items of a JSON array, as the bytes that were sent, and where each begins and ends. All of it
 * has been looked through and is JSON, so nothing is begun of a body that is not; a tree of it,
 * which takes many times the room, is never made.
 */
public final class ArrayItems {

  private final byte[] body;

  /** Two for each item: where it begins, and where it has ended. */
  private int[] places = new int[64];

  private int size;

  private ArrayItems(byte[] body) {
    this.body = body;
  }

  /**
   * Reads the body to its end.
   *
   * @param what the items are, in the plural
   * @throws JsonProcessingException if it is no JSON
   * @throws InvalidRequest if it is no array, or one of more than {@code most} items
   */
  public static ArrayItems read(InputStream in, JsonFactory factory, int most, String what)
      throws IOException {
    ArrayItems items = new ArrayItems(in.readAllBytes());
    try (JsonParser json = factory.createParser(items.body)) {
      boolean array = json.nextToken() == JsonToken.START_ARRAY;
      if (array) {
        items.find(json);
      } else {
        json.skipChildren();
      }
      if (json.nextToken() != null) {
        throw new JsonParseException(json, "there is more after its end");
      }
      if (!array || items.size > most) {
        throw InvalidRequest.field("", "must be an array of at most " + most + " " + what);
      }
    }
    return items;
  }

  private void find(JsonParser json) throws IOException {
    while (json.nextToken() != JsonToken.END_ARRAY) {
      long begin = json.currentTokenLocation().getByteOffset();
      json.skipChildren();
      json.finishToken();
      long end = json.currentLocation().getByteOffset();
      if (begin < 0) {
        throw new InvalidRequest("the body must be JSON in UTF-8", java.util.List.of());
      }
      if (2 * size == places.length) {
        places = Arrays.copyOf(places, 2 * places.length);
      }
      places[2 * size] = (int) begin;
      places[2 * size + 1] = (int) end;
      size++;
    }
  }

  /** How many there are. */
  public int size() {
    return size;
  }

  /** One of them, from 0. */
  public BatchItem get(int index) {
    int begin = places[2 * index];
    return new BatchItem(index, body, begin, places[2 * index + 1] - begin);
  }
}
