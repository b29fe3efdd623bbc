package dev.docket.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Schemas that allow nothing they do not name. Those that are published leave answers open for
 * fields to come; a test of answers must see the fields that nobody has described.
 */
final class ClosedSchemas {

  private static final Set<String> OF_SCHEMAS = Set.of("allOf", "oneOf", "anyOf");
  private static final List<String> OF_OBJECTS = List.of("properties", "$ref", "allOf", "oneOf");

  private ClosedSchemas() {}

  /** A copy of the components; a reference to one is closed, so that it may also be a part. */
  static ObjectNode components(JsonNode schemas) {
    ObjectNode components = schemas.deepCopy();
    components.forEach(ClosedSchemas::insides);
    return components;
  }

  /** A copy of a schema. */
  static ObjectNode of(JsonNode schema) {
    ObjectNode copy = schema.deepCopy();
    close(copy);
    return copy;
  }

  private static void close(JsonNode node) {
    insides(node);
    if (node instanceof ObjectNode schema
        && !schema.has("additionalProperties")
        && OF_OBJECTS.stream().anyMatch(schema::has)) {
      schema.put("unevaluatedProperties", false);
    }
  }

  private static void insides(JsonNode schema) {
    if (!schema.isObject()) {
      return;
    }
    schema.path("properties").forEach(ClosedSchemas::close);
    for (String keyword : List.of("items", "additionalProperties")) {
      close(schema.path(keyword));
    }
    for (Map.Entry<String, JsonNode> entry : schema.properties()) {
      if (OF_SCHEMAS.contains(entry.getKey()) && entry.getValue() instanceof ArrayNode parts) {
        parts.forEach(ClosedSchemas::insides);
      }
    }
  }
}
