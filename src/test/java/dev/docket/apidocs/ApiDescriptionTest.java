package dev.docket.apidocs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.docket.document.CreatorType;
import dev.docket.document.TargetType;
import dev.docket.task.TaskState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Tests that the description and its examples are valid. */
final class ApiDescriptionTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode document = new ApiDescription("1.2.3").document();
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  @Test
  void isValidOpenApi31() throws Exception {
    JsonNode metaSchema =
        JSON.readTree(ApiDescriptionTest.class.getResourceAsStream("/openapi/schema-3.1.json"));

    assertThat(errors(registry.getSchema(metaSchema), document)).isEmpty();
    assertThat(document.at("/info/version").asText()).isEqualTo("1.2.3");
    assertThat(document.path("openapi").asText()).startsWith("3.1.");
  }

  @Test
  void schemasAreValid() {
    Schema metaSchema =
        registry.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
    List<String> errors = new ArrayList<>();
    schemas((path, schema) -> errors(metaSchema, schema).forEach(e -> errors.add(path + e)));
    assertThat(errors).isEmpty();
  }

  @Test
  void referencesResolveAndComponentsAreUsed() {
    Set<String> used = new HashSet<>();
    references(document, used);
    for (String reference : used) {
      assertThat(document.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
    }
    for (String kind : List.of("schemas", "responses", "parameters")) {
      document
          .path("components")
          .path(kind)
          .fieldNames()
          .forEachRemaining(name -> assertThat(used).contains("#/components/" + kind + "/" + name));
    }
  }

  @Test
  void examplesAreValid() {
    List<String> errors = new ArrayList<>();
    Set<Integer> checked = new HashSet<>();
    walk(
        "",
        document,
        (path, node) -> {
          JsonNode schema = node.has("schema") ? node.path("schema") : node;
          List<JsonNode> examples = new ArrayList<>();
          if (node.has("schema") && node.has("example")) {
            examples.add(node.path("example"));
          }
          if (node.has("schema")) {
            node.path("examples").forEach(example -> examples.add(example.path("value")));
          } else if (node.path("examples").isArray()) {
            node.path("examples").forEach(examples::add);
          }
          for (JsonNode example : examples) {
            checked.add(checked.size());
            for (JsonNode value : values(path, example)) {
              errors(schema(schema), value).forEach(e -> errors.add(path + e));
            }
          }
        });
    assertThat(errors).isEmpty();
    assertThat(checked).hasSizeGreaterThan(50);
  }

  @Test
  void bodiesHaveExamples() {
    walk(
        "",
        document,
        (path, node) -> {
          if (path.matches(".*/content/application~1[a-z-]+") && node.has("schema")) {
            boolean hasExample =
                node.has("example")
                    || node.has("examples")
                    || hasExample(node.path("schema"))
                    || hasExample(node.path("schema").path("items"));
            assertThat(hasExample).as("%s has an example", path).isTrue();
          }
        });
  }

  @Test
  void operationsHaveDescribedTagAndUniqueId() {
    List<String> tags = new ArrayList<>();
    document.path("tags").forEach(tag -> tags.add(tag.path("name").asText()));
    Set<String> names = new HashSet<>();
    for (JsonNode path : document.path("paths")) {
      for (Map.Entry<String, JsonNode> entry : path.properties()) {
        if (!entry.getKey().equals("parameters")) {
          JsonNode operation = entry.getValue();
          assertThat(tags).contains(operation.at("/tags/0").asText());
          assertThat(names.add(operation.path("operationId").asText())).isTrue();
          assertThat(operation.path("summary").asText()).isNotEmpty();
        }
      }
    }
  }

  @Test
  void enumsMatchCode() {
    assertThat(enumValues("State"))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(TaskState.values()).map(s -> "" + s.number()).toList());
    assertThat(enumValues("StateName"))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(TaskState.values()).map(TaskState::name).toList());
    assertThat(enumValues("TargetType"))
        .containsExactlyElementsOf(
            Arrays.stream(TargetType.values()).map(TargetType::wire).toList());
    assertThat(texts(document.at("/components/schemas/Creator/properties/type/enum")))
        .containsExactlyElementsOf(
            Arrays.stream(CreatorType.values()).map(CreatorType::wire).toList());
  }

  private List<String> enumValues(String name) {
    return texts(document.path("components").path("schemas").path(name).path("enum"));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(item.asText()));
    return texts;
  }

  private boolean hasExample(JsonNode schema) {
    String reference = schema.path("$ref").asText("");
    JsonNode resolved = reference.isEmpty() ? schema : document.at(reference.substring(1));
    return resolved.has("examples")
        || (resolved.has("oneOf") && hasExample(resolved.at("/oneOf/0")));
  }

  /** The values of an example. An NDJSON example is a string with one value per line. */
  private static List<JsonNode> values(String path, JsonNode example) {
    if (!path.endsWith("application~1x-ndjson")) {
      return List.of(example);
    }
    return example.asText().lines().map(ApiDescriptionTest::json).toList();
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private Schema schema(JsonNode schema) {
    ObjectNode standalone = schema.deepCopy();
    standalone.set("components", document.path("components"));
    return registry.getSchema(standalone);
  }

  private static List<String> errors(Schema schema, JsonNode value) {
    return schema
        .validate(value, on -> on.executionConfig(config -> config.formatAssertionsEnabled(true)))
        .stream()
        .map(Error::toString)
        .toList();
  }

  private void schemas(BiConsumer<String, JsonNode> consumer) {
    document
        .at("/components/schemas")
        .properties()
        .forEach(entry -> consumer.accept(entry.getKey(), entry.getValue()));
    walk(
        "",
        document.path("paths"),
        (path, node) -> {
          if (path.endsWith("/schema")) {
            consumer.accept(path, node);
          }
        });
  }

  private static void walk(String path, JsonNode node, BiConsumer<String, JsonNode> consumer) {
    if (node.isObject()) {
      consumer.accept(path, node);
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!entry.getKey().equals("example") && !entry.getKey().equals("examples")) {
        walk(path + "/" + entry.getKey().replace("/", "~1"), entry.getValue(), consumer);
      }
    }
    if (node.isArray()) {
      node.forEach(item -> walk(path + "/-", item, consumer));
    }
  }

  private static void references(JsonNode node, Set<String> found) {
    if (node.path("$ref").isTextual()) {
      found.add(node.path("$ref").asText());
    }
    node.forEach(child -> references(child, found));
  }
}
