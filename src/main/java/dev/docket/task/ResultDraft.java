package dev.docket.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A result that is not stored yet. Either the draft contains the payload, or the payload is already
 * stored under the id that the result will have.
 *
 * @param payload any JSON value; null if it is stored
 * @param generator what produced the result: {@code id}, {@code type}, {@code name}, {@code
 *     homepage}
 * @param storedBytes the size of the stored payload, as JSON in UTF-8; null if the draft contains
 *     the payload
 */
public record ResultDraft(
    @Nullable JsonNode payload,
    Map<String, String> generator,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long storedBytes) {

  public ResultDraft {
    generator = Map.copyOf(generator);
    if ((payload == null) == (storedBytes == null)) {
      throw new IllegalArgumentException("a draft has either a payload or a stored payload");
    }
  }

  /** A draft that contains its payload. */
  public ResultDraft(JsonNode payload, Map<String, String> generator) {
    this(payload, generator, null);
  }

  /** A draft whose payload is stored. */
  public static ResultDraft stored(long bytes, Map<String, String> generator) {
    return new ResultDraft(null, generator, bytes);
  }
}
