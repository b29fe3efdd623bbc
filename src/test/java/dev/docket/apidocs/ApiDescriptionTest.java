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

/** The description is valid, and so are its examples. */
final class ApiDescriptionTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode document = new ApiDescription("1.2.3").document();
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  @Test
  void itIsOpenApi31() throws Exception {
    JsonNode rules = JSON.readTree(Asset.read("/openapi/schema-3.1.json"));

    assertThat(errors(registry.getSchema(rules), document)).isEmpty();
    assertThat(document.at("/info/version").asText()).isEqualTo("1.2.3");
    assertThat(document.path("openapi").asText()).startsWith("3.1.");
  }

  @Test
  void everySchemaIsOne() {
    Schema rules =
        registry.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
    List<String> wrong = new ArrayList<>();
    schemas((where, schema) -> errors(rules, schema).forEach(e -> wrong.add(where + e)));
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyReferenceLeadsSomewhereAndEveryComponentIsUsed() {
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
    List<String> wrong = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    walk(
        "",
        document,
        (where, node) -> {
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
            seen.add(seen.size());
            for (JsonNode value : values(where, example)) {
              errors(schema(schema), value).forEach(e -> wrong.add(where + e));
            }
          }
        });
    assertThat(wrong).isEmpty();
    assertThat(seen).hasSizeGreaterThan(50);
  }

  @Test
  void everyBodyHasAnExample() {
    walk(
        "",
        document,
        (where, node) -> {
          if (where.matches(".*/content/application~1[a-z-]+") && node.has("schema")) {
            boolean shown =
                node.has("example")
                    || node.has("examples")
                    || exampled(node.path("schema"))
                    || exampled(node.path("schema").path("items"));
            assertThat(shown).as("%s has an example", where).isTrue();
          }
        });
  }

  @Test
  void everyOperationHasATagThatIsExplainedAndANameOfItsOwn() {
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
  void choicesAreThoseOfTheCode() {
    assertThat(choices("State"))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(TaskState.values()).map(s -> "" + s.number()).toList());
    assertThat(choices("StateName"))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(TaskState.values()).map(TaskState::name).toList());
    assertThat(choices("TargetType"))
        .containsExactlyElementsOf(
            Arrays.stream(TargetType.values()).map(TargetType::wire).toList());
    assertThat(texts(document.at("/components/schemas/Creator/properties/type/enum")))
        .containsExactlyElementsOf(
            Arrays.stream(CreatorType.values()).map(CreatorType::wire).toList());
  }

  private List<String> choices(String name) {
    return texts(document.path("components").path("schemas").path(name).path("enum"));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(item.asText()));
    return texts;
  }

  private boolean exampled(JsonNode schema) {
    String reference = schema.path("$ref").asText("");
    JsonNode there = reference.isEmpty() ? schema : document.at(reference.substring(1));
    return there.has("examples") || (there.has("oneOf") && exampled(there.at("/oneOf/0")));
  }

  /** Lines are written as text; each is a value. */
  private static List<JsonNode> values(String where, JsonNode example) {
    if (!where.endsWith("application~1x-ndjson")) {
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
    ObjectNode whole = schema.deepCopy();
    whole.set("components", document.path("components"));
    return registry.getSchema(whole);
  }

  private static List<String> errors(Schema schema, JsonNode value) {
    return schema
        .validate(value, on -> on.executionConfig(config -> config.formatAssertionsEnabled(true)))
        .stream()
        .map(Error::toString)
        .toList();
  }

  private void schemas(BiConsumer<String, JsonNode> each) {
    document
        .at("/components/schemas")
        .properties()
        .forEach(entry -> each.accept(entry.getKey(), entry.getValue()));
    walk(
        "",
        document.path("paths"),
        (where, node) -> {
          if (where.endsWith("/schema")) {
            each.accept(where, node);
          }
        });
  }

  private static void walk(String where, JsonNode node, BiConsumer<String, JsonNode> each) {
    if (node.isObject()) {
      each.accept(where, node);
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!entry.getKey().equals("example") && !entry.getKey().equals("examples")) {
        walk(where + "/" + entry.getKey().replace("/", "~1"), entry.getValue(), each);
      }
    }
    if (node.isArray()) {
      node.forEach(item -> walk(where + "/-", item, each));
    }
  }

  private static void references(JsonNode node, Set<String> found) {
    if (node.path("$ref").isTextual()) {
      found.add(node.path("$ref").asText());
    }
    node.forEach(child -> references(child, found));
  }
}
