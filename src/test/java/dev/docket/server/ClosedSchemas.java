package dev.docket.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Converts schemas to ones that allow only the fields that they name. The published schemas of
 * responses allow additional fields, for later versions; a test must find fields that are not
 * described.
 */
final class ClosedSchemas {

  private static final Set<String> COMPOSITION_KEYWORDS = Set.of("allOf", "oneOf", "anyOf");
  private static final List<String> OBJECT_KEYWORDS =
      List.of("properties", "$ref", "allOf", "oneOf");

  private ClosedSchemas() {}

  /**
   * Returns a copy of the components. The components themselves stay open, so that they can be
   * parts of {@code allOf}; references to them are closed.
   */
  static ObjectNode components(JsonNode schemas) {
    ObjectNode components = schemas.deepCopy();
    components.forEach(ClosedSchemas::closeNested);
    return components;
  }

  /** Returns a closed copy of a schema. */
  static ObjectNode of(JsonNode schema) {
    ObjectNode copy = schema.deepCopy();
    close(copy);
    return copy;
  }

  private static void close(JsonNode node) {
    closeNested(node);
    if (node instanceof ObjectNode schema
        && !schema.has("additionalProperties")
        && OBJECT_KEYWORDS.stream().anyMatch(schema::has)) {
      schema.put("unevaluatedProperties", false);
    }
  }

  private static void closeNested(JsonNode schema) {
    if (!schema.isObject()) {
      return;
    }
    schema.path("properties").forEach(ClosedSchemas::close);
    for (String keyword : List.of("items", "additionalProperties")) {
      close(schema.path(keyword));
    }
    for (Map.Entry<String, JsonNode> entry : schema.properties()) {
      if (COMPOSITION_KEYWORDS.contains(entry.getKey())
          && entry.getValue() instanceof ArrayNode parts) {
        parts.forEach(ClosedSchemas::closeNested);
      }
    }
  }
}
