package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.http.InvalidRequest;
import dev.docket.http.PayloadTooLarge;
import dev.docket.task.ResultDraft;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads results as DANE's workers save them: {@code {"generator": {…}, "payload": {…}}}. */
final class IndexedResult {

  private static final int MAX_NAMES = 50;

  private IndexedResult() {}

  /**
   * Reads a result.
   *
   * @throws InvalidRequest naming the invalid field
   * @throws PayloadTooLarge if the payload is too large
   */
  static ResultDraft read(JsonNode result) {
    JsonNode payload = result.path("payload");
    if (payload.isMissingNode()) {
      throw InvalidRequest.field("/result/payload", "must be there");
    }
    int size = payload.toString().getBytes(StandardCharsets.UTF_8).length;
    if (size > ResultDraft.MAX_PAYLOAD_BYTES) {
      throw new PayloadTooLarge(
          "/result/payload: must be at most " + ResultDraft.MAX_PAYLOAD_BYTES + " bytes");
    }
    return new ResultDraft(payload, generator(result.path("generator")));
  }

  private static Map<String, String> generator(JsonNode generator) {
    if (!generator.isObject() || generator.size() > MAX_NAMES) {
      throw InvalidRequest.field("/result/generator", "must be an object");
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
