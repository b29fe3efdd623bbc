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

/** What the description says of paths and bodies, to hold real ones against it. */
final class ApiContract {

  static final String NDJSON = "application/x-ndjson";

  private final JsonNode document = new ApiDescription("test").document();
  private final ObjectNode closed = ClosedSchemas.components(document.at("/components/schemas"));
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

  /** The operation of this path as it stands in an address, without query; HEAD is GET. */
  Optional<Operation> find(String method, String address) {
    String asked = method.equals("HEAD") ? "get" : method.toLowerCase(Locale.ROOT);
    return operations().stream()
        .filter(operation -> operation.method().equals(asked))
        .filter(operation -> fits(operation.path(), address))
        .min(Comparator.comparing(operation -> operation.path().replace('{', '\uffff')));
  }

  private static boolean fits(String template, String address) {
    String[] wanted = template.split("/", -1);
    String[] there = address.replaceAll("(?<=.)/$", "").split("/", -1);
    if (wanted.length != there.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (!wanted[i].startsWith("{") && !wanted[i].equals(there[i])) {
        return false;
      }
    }
    return true;
  }

  /** The media types of a request's or an answer's content, each with what is said of it. */
  Map<String, JsonNode> content(JsonNode body) {
    Map<String, JsonNode> content = new TreeMap<>();
    resolved(body).path("content").properties().forEach(e -> content.put(e.getKey(), e.getValue()));
    return content;
  }

  JsonNode resolved(JsonNode node) {
    String reference = node.path("$ref").asText("");
    return reference.isEmpty() ? node : document.at(reference.substring(1));
  }

  /** What is wrong with this as a body of the media type; with lines, with each of them. */
  List<String> wrong(JsonNode media, String type, String body) {
    if (!media.has("schema") || !type.contains("json")) {
      return List.of();
    }
    List<String> wrong = new ArrayList<>();
    for (String text : type.equals(NDJSON) ? body.lines().toList() : List.of(body)) {
      if (!text.isBlank()) {
        wrong.addAll(wrong(media.path("schema"), json(text)));
      }
    }
    return wrong;
  }

  /** What is wrong with this by that schema, if the schema allows nothing that it does not name. */
  List<String> wrong(JsonNode schema, JsonNode value) {
    return schemas
        .computeIfAbsent(schema.toString(), text -> schema(schema))
        .validate(value, on -> on.executionConfig(config -> config.formatAssertionsEnabled(true)))
        .stream()
        .map(
            error ->
                error.getInstanceLocation() + ": " + error.getMessage() + " in " + shortened(value))
        .toList();
  }

  private Schema schema(JsonNode schema) {
    ObjectNode whole = ClosedSchemas.of(schema);
    whole.putObject("components").set("schemas", closed);
    return registry.getSchema(whole);
  }

  private static String shortened(JsonNode value) {
    String text = value.toString();
    return text.length() > 2000 ? text.substring(0, 2000) + "…" : text;
  }

  /** Numbers as they stand, and no more than one value. */
  static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON: " + text, e);
    }
  }

  /** The items of a batch: of an array, of lines, or the body alone. */
  static List<JsonNode> items(String type, String body) {
    if (type.equals(NDJSON)) {
      return body.lines().filter(line -> !line.isBlank()).map(ApiContract::json).toList();
    }
    JsonNode whole = json(body);
    if (whole instanceof ArrayNode array) {
      List<JsonNode> items = new ArrayList<>();
      array.forEach(items::add);
      return items;
    }
    return List.of(whole);
  }
}
