package dev.docket.task;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * A result on its way into the store.
 *
 * @param payload any JSON value up to 256 KiB
 * @param generator who made it: {@code id}, {@code type}, {@code name}, {@code homepage}
 */
public record ResultDraft(JsonNode payload, Map<String, String> generator) {

  public ResultDraft {
    generator = Map.copyOf(generator);
  }
}
