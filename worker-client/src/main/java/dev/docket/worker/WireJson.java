package dev.docket.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.docket.wire.ReportItem;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads and writes wire records as JSON. Unknown fields of a newer server are ignored. */
final class WireJson {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private WireJson() {}

  static <T> T read(byte[] json, Class<T> type) throws IOException {
    T value = MAPPER.readValue(json, type);
    if (value == null) {
      throw new IOException("expected a JSON " + type.getSimpleName() + " but got null");
    }
    return value;
  }

  static byte[] write(ReportItem item) throws JsonProcessingException {
    return MAPPER.writerFor(ReportItem.class).writeValueAsBytes(item);
  }

  static byte[] write(@Nullable Object value) throws JsonProcessingException {
    return MAPPER.writeValueAsBytes(value);
  }

  /**
   * Converts a value to a JSON tree.
   *
   * @throws IllegalArgumentException if Jackson cannot write the value
   */
  static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }
}
