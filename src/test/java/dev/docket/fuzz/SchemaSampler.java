package dev.docket.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Makes random values that a schema of the API description allows. Fields that refer to records get
 * the ids of existing ones.
 */
final class SchemaSampler {

  private static final int MAX_DEPTH = 6;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final JsonNode description;
  private final RecordPool pool;
  private final Random random;

  /** The run of all reports in this request. */
  private final RecordPool.Run run;

  SchemaSampler(JsonNode description, RecordPool pool, Random random) {
    this.description = description;
    this.pool = pool;
    this.random = random;
    this.run = pool.run(random);
  }

  JsonNode resolve(JsonNode node) {
    String reference = node.path("$ref").asText("");
    return reference.isEmpty() ? node : description.at(reference.substring(1));
  }

  /** The id in a path, or another parameter. */
  String parameter(String path, JsonNode parameter) {
    String name = parameter.path("name").asText();
    String known =
        switch (name) {
          case "id" -> id(path);
          case "key" -> pool.key(random);
          case "file" -> parameter.path("example").asText();
          case "cursor" -> "";
          default -> named(name);
        };
    return known != null ? known : text(sample(parameter.path("schema"), name, 0));
  }

  /** The values of a query parameter, which is repeated for each. */
  List<String> parameters(String path, JsonNode parameter) {
    JsonNode schema = resolve(parameter.path("schema"));
    boolean list =
        schema.path("type").asText().equals("array") && parameter.path("explode").asBoolean(true);
    if (!list) {
      return List.of(parameter(path, parameter));
    }
    List<String> values = new ArrayList<>();
    int count = 1 + random.nextInt(2);
    for (int i = 0; i < count; i++) {
      String name = parameter.path("name").asText();
      String known = name.equals("state") ? pool.state(random) : named(name);
      values.add(known != null ? known : text(sample(schema.path("items"), name, 0)));
    }
    return values;
  }

  private String id(String path) {
    if (path.contains("/task/")) {
      boolean ofRun = path.contains("/results/") || path.contains("/progress");
      return ofRun || path.contains("/complete") ? run.task() : pool.task(random);
    }
    if (path.contains("/result")) {
      return path.startsWith("/search") ? pool.task(random) : pool.result(random);
    }
    return path.contains("task") ? pool.task(random) : pool.document(random);
  }

  /** The value of a field that refers to an existing record; null for all other fields. */
  private String named(String name) {
    return switch (name) {
      case "document_id" -> pool.document(random);
      case "task_id" -> pool.task(random);
      case "task" -> run.task();
      case "run", "Docket-Run" -> run.token();
      case "claim_id", "Docket-Claim" -> run.claim();
      case "attempt", "Docket-Attempt" -> String.valueOf(run.attempt());
      case "worker" -> run.worker();
      case "key", "keys" -> pool.key(random);
      case "target.id" -> pool.target(random);
      case "creator.id", "creator" -> pool.creator();
      case "protocol", "courier" -> random.nextBoolean() ? "docket" : "dane";
      default -> null;
    };
  }

  private static String text(JsonNode value) {
    if (value.isArray()) {
      List<String> texts = new ArrayList<>();
      value.forEach(element -> texts.add(element.asText()));
      return String.join(",", texts);
    }
    return value.asText();
  }

  JsonNode sample(JsonNode schema, String name, int depth) {
    JsonNode resolved = resolve(schema);
    JsonNode choices = resolved.has("oneOf") ? resolved.path("oneOf") : resolved.path("anyOf");
    if (resolved.has("const")) {
      return resolved.path("const");
    }
    if (resolved.has("enum")) {
      return resolved.path("enum").path(random.nextInt(resolved.path("enum").size()));
    }
    if (!choices.isEmpty() && !resolved.has("properties")) {
      return sample(choices.path(random.nextInt(choices.size())), name, depth);
    }
    return switch (type(resolved)) {
      case "object" -> object(resolved, choices, depth);
      case "array" -> array(resolved, name, depth);
      case "integer" -> integer(resolved, name);
      case "number" -> NODES.numberNode(random.nextDouble() * 10);
      case "boolean" -> NODES.booleanNode(random.nextBoolean());
      case "string" -> NODES.textNode(string(resolved, name));
      default -> anything(depth);
    };
  }

  private String type(JsonNode schema) {
    JsonNode type = schema.path("type");
    if (type.isArray()) {
      return type.path(random.nextInt(type.size())).asText();
    }
    return type.asText(schema.has("properties") ? "object" : "any");
  }

  private ObjectNode object(JsonNode schema, JsonNode choices, int depth) {
    ObjectNode object = NODES.objectNode();
    List<String> required = names(schema.path("required"));
    if (!choices.isEmpty()) {
      required.addAll(names(choices.path(random.nextInt(choices.size())).path("required")));
    }
    List<String> alternatives = new ArrayList<>();
    choices.forEach(choice -> alternatives.addAll(names(choice.path("required"))));
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      String name = property.getKey();
      boolean optional = !alternatives.contains(name) && random.nextInt(3) == 0;
      if (required.contains(name) || (optional && depth < MAX_DEPTH)) {
        object.set(name, sample(property.getValue(), name, depth + 1));
      }
    }
    if (schema.path("additionalProperties").asBoolean() && random.nextBoolean()) {
      object.set("more" + random.nextInt(3), anything(depth + 1));
    }
    return object;
  }

  private static List<String> names(JsonNode array) {
    List<String> names = new ArrayList<>();
    array.forEach(name -> names.add(name.asText()));
    return names;
  }

  private ArrayNode array(JsonNode schema, String name, int depth) {
    ArrayNode array = NODES.arrayNode();
    int count = Math.max(schema.path("minItems").asInt(), random.nextInt(depth == 0 ? 5 : 3));
    for (int i = 0; i < count; i++) {
      array.add(sample(schema.path("items"), name, depth + 1));
    }
    return array;
  }

  private JsonNode integer(JsonNode schema, String name) {
    if (name.equals("attempt")) {
      return NODES.numberNode(run.attempt());
    }
    if (name.equals("wait_s")) {
      return NODES.numberNode(random.nextInt(2));
    }
    long minimum = schema.path("minimum").asLong(0);
    long maximum = Math.min(schema.path("maximum").asLong(100), minimum + 1_000);
    return NODES.numberNode(minimum + random.nextInt((int) (maximum - minimum) + 1));
  }

  private String string(JsonNode schema, String name) {
    String known = named(name);
    if (known != null) {
      return known;
    }
    if (schema.path("format").asText().equals("date-time")) {
      return Instant.parse("2026-01-01T00:00:00Z")
          .plus(Duration.ofHours(random.nextInt(20_000)))
          .toString();
    }
    String pattern = schema.path("pattern").asText();
    if (pattern.startsWith("^P")) {
      return "PT" + (1 + random.nextInt(600)) + "S";
    }
    JsonNode examples = schema.path("examples");
    if (!pattern.isEmpty() && !examples.isEmpty()) {
      return examples.path(0).asText();
    }
    if (name.equals("url")) {
      return "http://archive.example/" + random.nextInt(100);
    }
    int length = Math.max(1, schema.path("minLength").asInt());
    return "s" + random.nextInt(1_000_000) + "-".repeat(Math.max(0, length - 7));
  }

  private JsonNode anything(int depth) {
    return switch (random.nextInt(depth < MAX_DEPTH ? 6 : 4)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.numberNode(random.nextInt(1_000));
      case 2 -> NODES.booleanNode(true);
      case 3 -> NODES.textNode("any \u0436 \ud83d\udcfc " + random.nextInt(10));
      case 4 -> NODES.arrayNode().add(anything(depth + 2)).add(1);
      default -> NODES.objectNode().set("k" + random.nextInt(3), anything(depth + 2));
    };
  }

  /** An example of the description, with existing ids; missing if there is none. */
  JsonNode example(JsonNode media) {
    List<JsonNode> examples = new ArrayList<>();
    if (media.has("example")) {
      examples.add(media.path("example"));
    }
    media.path("examples").forEach(example -> examples.add(example.path("value")));
    if (examples.isEmpty()) {
      return MissingNode.getInstance();
    }
    JsonNode example = examples.get(random.nextInt(examples.size())).deepCopy();
    replaceIds(example);
    return example;
  }

  private void replaceIds(JsonNode json) {
    if (json instanceof ObjectNode object) {
      for (String name : new ArrayList<>(object.propertyStream().map(Map.Entry::getKey).toList())) {
        String known = named(name);
        JsonNode value = object.path(name);
        if (known != null && value.isTextual()) {
          object.put(name, known);
        } else if (known != null && value.isInt()) {
          object.put(name, run.attempt());
        } else if (known != null && value.isArray() && value.path(0).isTextual()) {
          object.set(name, NODES.arrayNode().add(known).add(named(name)));
        } else if (name.equals("wait_s")) {
          object.put(name, 0);
        }
      }
    }
    json.forEach(this::replaceIds);
  }
}
