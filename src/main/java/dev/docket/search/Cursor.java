package dev.docket.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The place of a hit in the order of a search: what the next page begins after. Nothing is kept for
 * it; records that change their place between two pages may be seen twice or not at all.
 *
 * @param value the sort field's, a number or a text; null where the hit has none
 */
public record Cursor(SearchQuery.Sort sort, @Nullable Object value, String id) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_LENGTH = 20_000;

  public Cursor {
    if (value != null && !(value instanceof Long) && !(value instanceof String)) {
      throw new IllegalArgumentException("value: must be a Long, a String or null");
    }
  }

  /** For callers, who need not know what is in it. */
  public String text() {
    ArrayNode parts = JSON.createArrayNode().add(sort.toString()).addPOJO(value).add(id);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(parts.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * From its text.
   *
   * @param numeric whether the sort field's values are numbers
   * @throws IllegalArgumentException if it is none, or one of another order
   */
  static Cursor of(String text, SearchQuery.Sort sort, boolean numeric) {
    JsonNode parts = parts(text);
    JsonNode value = parts.path(1);
    boolean fits =
        parts.size() == 3
            && parts.path(0).isTextual()
            && parts.path(2).isTextual()
            && (value.isNull()
                || (numeric
                    ? value.isIntegralNumber() && value.canConvertToLong()
                    : value.isTextual()));
    if (!fits || !parts.path(0).asText().equals(sort.toString())) {
      throw new IllegalArgumentException(
          "must be what the page before gave as next, for the same sort");
    }
    Object plain = value.isNull() ? null : numeric ? (Object) value.asLong() : value.asText();
    return new Cursor(sort, plain, parts.path(2).asText());
  }

  private static JsonNode parts(String text) {
    try {
      if (text.length() <= MAX_LENGTH) {
        byte[] json = Base64.getUrlDecoder().decode(text);
        return JSON.readTree(new String(json, StandardCharsets.UTF_8));
      }
    } catch (IllegalArgumentException | JsonProcessingException noCursor) {
      return JSON.missingNode();
    }
    return JSON.missingNode();
  }
}
