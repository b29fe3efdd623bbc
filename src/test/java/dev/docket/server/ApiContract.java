package dev.docket.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.docket.apidocs.ApiDescription;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Validates paths and bodies against the OpenAPI description. */
final class ApiContract {

  static final String NDJSON = "application/x-ndjson";

  private final JsonNode document = new ApiDescription("test").document();
  private final ObjectNode closedComponents =
      ClosedSchemas.components(document.at("/components/schemas"));
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

  /** An operation, with the method in lower case. */
  record Operation(String method, String path, JsonNode node) {
    @Override
    public String toString() {
      return method.toUpperCase(Locale.ROOT) + " " + path;
    }
  }

  JsonNode document() {
    return document;
  }

  List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> entry : path.getValue().properties()) {
        if (!entry.getKey().equals("parameters")) {
          operations.add(new Operation(entry.getKey(), path.getKey(), entry.getValue()));
        }
      }
    }
    return operations;
  }

  /**
   * Finds the operation of a URL path without its query. A HEAD request is a GET operation if the
   * path has no HEAD operation.
   */
  Optional<Operation> find(String method, String path) {
    Optional<Operation> found = findMethod(method.toLowerCase(Locale.ROOT), path);
    return found.isEmpty() && method.equals("HEAD") ? findMethod("get", path) : found;
  }

  private Optional<Operation> findMethod(String operationMethod, String path) {
    return operations().stream()
        .filter(operation -> operation.method().equals(operationMethod))
        .filter(operation -> matches(operation.path(), path))
        .min(Comparator.comparing(operation -> operation.path().replace('{', '\uffff')));
  }

  private static boolean matches(String template, String path) {
    String[] templateParts = template.split("/", -1);
    String[] pathParts = path.replaceAll("(?<=.)/$", "").split("/", -1);
    if (templateParts.length != pathParts.length) {
      return false;
    }
    for (int i = 0; i < templateParts.length; i++) {
      if (!templateParts[i].startsWith("{") && !templateParts[i].equals(pathParts[i])) {
        return false;
      }
    }
    return true;
  }

  /** The media types of a request's or a response's content, each with its description. */
  Map<String, JsonNode> content(JsonNode body) {
    Map<String, JsonNode> content = new TreeMap<>();
    resolve(body).path("content").properties().forEach(e -> content.put(e.getKey(), e.getValue()));
    return content;
  }

  JsonNode resolve(JsonNode node) {
    String reference = node.path("$ref").asText("");
    return reference.isEmpty() ? node : document.at(reference.substring(1));
  }

  /** Validates a body of the media type; for NDJSON, each line. */
  List<String> violations(JsonNode media, String type, String body) {
    if (!media.has("schema") || !type.contains("json")) {
      return List.of();
    }
    List<String> violations = new ArrayList<>();
    for (String text : type.equals(NDJSON) ? body.lines().toList() : List.of(body)) {
      if (!text.isBlank()) {
        violations.addAll(violations(media.path("schema"), json(text)));
      }
    }
    return violations;
  }

  /** Validates a value against the schema, without any fields that the schema does not name. */
  List<String> violations(JsonNode schema, JsonNode value) {
    return schemas
        .computeIfAbsent(schema.toString(), text -> schema(schema))
        .validate(value, on -> on.executionConfig(config -> config.formatAssertionsEnabled(true)))
        .stream()
        .map(
            error ->
                error.getInstanceLocation() + ": " + error.getMessage() + " in " + truncate(value))
        .toList();
  }

  private Schema schema(JsonNode schema) {
    ObjectNode root = ClosedSchemas.of(schema);
    root.putObject("components").set("schemas", closedComponents);
    return registry.getSchema(root);
  }

  private static String truncate(JsonNode value) {
    String text = value.toString();
    return text.length() > 2000 ? text.substring(0, 2000) + "…" : text;
  }

  /** Parses one JSON value. */
  static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalArgumentException("not valid JSON: " + text, e);
    }
  }

  /** The items of a batch: the elements of an array, the lines of NDJSON, or the body itself. */
  static List<JsonNode> items(String type, String body) {
    if (type.equals(NDJSON)) {
      return body.lines().filter(line -> !line.isBlank()).map(ApiContract::json).toList();
    }
    JsonNode root = json(body);
    if (root instanceof ArrayNode array) {
      List<JsonNode> items = new ArrayList<>();
      array.forEach(items::add);
      return items;
    }
    return List.of(root);
  }
}
