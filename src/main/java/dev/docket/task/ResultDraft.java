package dev.docket.task;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * A result on its way into the store.
 *
 * @param payload any JSON value up to {@value #MAX_PAYLOAD_BYTES} bytes, which whoever takes one in
 *     looks to
 * @param generator who made it: {@code id}, {@code type}, {@code name}, {@code homepage}
 */
public record ResultDraft(JsonNode payload, Map<String, String> generator) {

  /** The longest payload, as JSON in UTF-8; the wire records say the same to workers. */
  public static final int MAX_PAYLOAD_BYTES = 256 * 1024;

  public ResultDraft {
    generator = Map.copyOf(generator);
  }
}
