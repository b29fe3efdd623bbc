package dev.docket.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The position of a hit in the order of a search, after which the next page starts. The server
 * keeps no state for a cursor; a record that changes its position between two pages may occur twice
 * or not at all.
 *
 * @param value the value of the sort field, a number or a text; null if the hit has none
 */
public record Cursor(SearchQuery.Sort sort, @Nullable Object value, String id) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_LENGTH = 20_000;

  public Cursor {
    if (value != null && !(value instanceof Long) && !(value instanceof String)) {
      throw new IllegalArgumentException("value: must be a Long, a String or null");
    }
  }

  /** Returns the cursor as an opaque text. */
  public String text() {
    ArrayNode parts = JSON.createArrayNode().add(sort.toString()).addPOJO(value).add(id);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(parts.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Parses a cursor.
   *
   * @param numeric whether the sort field's values are numbers
   * @throws IllegalArgumentException if the text is not a cursor for this sort
   */
  static Cursor of(String text, SearchQuery.Sort sort, boolean numeric) {
    JsonNode parts = parts(text);
    JsonNode value = parts.path(1);
    boolean valid =
        parts.size() == 3
            && parts.path(0).isTextual()
            && parts.path(2).isTextual()
            && (value.isNull()
                || (numeric
                    ? value.isIntegralNumber() && value.canConvertToLong()
                    : value.isTextual()));
    if (!valid || !parts.path(0).asText().equals(sort.toString())) {
      throw new IllegalArgumentException(
          "must be the value of next from the previous page, with the same sort");
    }
    Object sortValue = value.isNull() ? null : numeric ? (Object) value.asLong() : value.asText();
    return new Cursor(sort, sortValue, parts.path(2).asText());
  }

  private static JsonNode parts(String text) {
    try {
      if (text.length() <= MAX_LENGTH) {
        byte[] json = Base64.getUrlDecoder().decode(text);
        return JSON.readTree(new String(json, StandardCharsets.UTF_8));
      }
    } catch (IllegalArgumentException | JsonProcessingException invalid) {
      return JSON.missingNode();
    }
    return JSON.missingNode();
  }
}
