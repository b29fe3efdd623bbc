package dev.docket.task;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * A result that is not stored yet.
 *
 * @param payload any JSON value up to {@value #MAX_PAYLOAD_BYTES} bytes; the code that receives a
 *     result enforces this limit
 * @param generator what produced the result: {@code id}, {@code type}, {@code name}, {@code
 *     homepage}
 */
public record ResultDraft(JsonNode payload, Map<String, String> generator) {

  /** The maximum payload, as JSON in UTF-8. The wire records give workers the same limit. */
  public static final int MAX_PAYLOAD_BYTES = 256 * 1024;

  public ResultDraft {
    generator = Map.copyOf(generator);
  }
}
