package dev.docket.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON merge patches (RFC 7396): objects are merged, null removes a field, all else replaces. */
public final class MergePatch {

  /** The media type. */
  public static final String MEDIA_TYPE = "application/merge-patch+json";

  private MergePatch() {}

  /** Returns the patched JSON. Changes neither argument. */
  public static JsonNode apply(@Nullable JsonNode target, JsonNode patch) {
    if (!patch.isObject()) {
      return patch;
    }
    ObjectNode merged = JsonNodeFactory.instance.objectNode();
    if (target instanceof ObjectNode object) {
      merged.setAll(object);
    }
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      if (field.getValue().isNull()) {
        merged.remove(field.getKey());
      } else {
        merged.set(field.getKey(), apply(merged.get(field.getKey()), field.getValue()));
      }
    }
    return merged;
  }
}
