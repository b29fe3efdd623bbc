package dev.docket.worker;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The creator of a result.
 *
 * @param type {@code Software}, {@code Human} or {@code Organization}
 */
public record Generator(String id, String type, @Nullable String name, @Nullable String homepage) {

  public Generator {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(type, "type");
  }

  /** A generator of type {@code Software} with an id and a name. */
  public static Generator software(String id, String name) {
    return new Generator(id, "Software", name, null);
  }

  Map<String, String> wire() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("id", id);
    fields.put("type", type);
    if (name != null) {
      fields.put("name", name);
    }
    if (homepage != null) {
      fields.put("homepage", homepage);
    }
    return fields;
  }
}
