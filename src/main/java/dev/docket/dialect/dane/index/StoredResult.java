package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.http.Invalid;
import dev.docket.http.TooLarge;
import dev.docket.task.ResultDraft;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A result as DANE's workers write it: {@code {"generator": {…}, "payload": {…}}}. */
final class StoredResult {

  private static final int MOST_NAMES = 50;

  private StoredResult() {}

  /**
   * Reads it.
   *
   * @throws Invalid naming the field that is wrong
   * @throws TooLarge if the payload is
   */
  static ResultDraft read(JsonNode result) {
    JsonNode payload = result.path("payload");
    if (payload.isMissingNode()) {
      throw Invalid.field("/result/payload", "must be there");
    }
    int size = payload.toString().getBytes(StandardCharsets.UTF_8).length;
    if (size > ResultDraft.MAX_PAYLOAD_BYTES) {
      throw new TooLarge(
          "/result/payload: must be at most " + ResultDraft.MAX_PAYLOAD_BYTES + " bytes");
    }
    return new ResultDraft(payload, generator(result.path("generator")));
  }

  private static Map<String, String> generator(JsonNode generator) {
    if (!generator.isObject() || generator.size() > MOST_NAMES) {
      throw Invalid.field("/result/generator", "must be an object");
    }
    Map<String, String> all = new LinkedHashMap<>();
    generator
        .properties()
        .forEach(
            entry -> {
              if (!entry.getValue().isNull()) {
                JsonNode value = entry.getValue();
                all.put(entry.getKey(), value.isTextual() ? value.textValue() : value.toString());
              }
            });
    return all;
  }
}
