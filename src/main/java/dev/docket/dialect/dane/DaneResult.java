package dev.docket.dialect.dane;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.result.Result;
import dev.docket.result.ResultViews;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A result as DANE's clients read it.
 *
 * @param payload a {@code JsonNode}, or a stored payload that can only be written to a stream
 * @param createdAt null, as in DANE's answers
 * @param updatedAt null, as in DANE's answers
 */
public record DaneResult(
    @JsonProperty("_id") String id,
    Map<String, @Nullable String> generator,
    Object payload,
    @Nullable String createdAt,
    @Nullable String updatedAt) {

  static DaneResult of(Result result, ResultViews views) {
    Map<String, String> all = generator(result);
    Map<String, @Nullable String> shown = new LinkedHashMap<>();
    for (String name : new String[] {"id", "name", "homepage", "type"}) {
      shown.put(name, all.get(name));
    }
    return new DaneResult(result.id().value(), shown, views.payload(result), null, null);
  }

  /** The generator that DANE's workers send, with its values as texts. */
  public static Map<String, String> generator(JsonNode sent) {
    Map<String, String> all = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> member : sent.properties()) {
      JsonNode value = member.getValue();
      if (!value.isNull()) {
        all.put(member.getKey(), value.isTextual() ? value.textValue() : value.toString());
      }
    }
    return all;
  }

  /**
   * The generator of a result, with the keys that DANE's library requires and other workers may
   * omit.
   */
  public static Map<String, String> generator(Result result) {
    Map<String, String> all = new TreeMap<>(result.generator());
    all.putIfAbsent("id", result.key().value());
    all.putIfAbsent("name", result.key().value());
    all.putIfAbsent("type", "Software");
    all.putIfAbsent("homepage", "");
    return all;
  }
}
