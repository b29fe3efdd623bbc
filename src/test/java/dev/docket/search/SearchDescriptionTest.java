package dev.docket.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.apidocs.ApiDescription;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the search parameters in the API description with those in the code. */
final class SearchDescriptionTest {

  private static final Map<String, SearchFields> FIELDS =
      Map.of(
          "document", SearchFields.DOCUMENTS,
          "task", SearchFields.TASKS,
          "result", SearchFields.RESULTS,
          "audit", SearchFields.AUDIT);

  private final JsonNode document = new ApiDescription("test").document();

  @ParameterizedTest
  @ValueSource(strings = {"document", "task", "result", "audit"})
  void describesAllParameters(String kind) {
    SearchFields fields = FIELDS.get(kind);
    Map<String, JsonNode> described = described(kind);

    Set<String> names = new TreeSet<>();
    described.forEach(
        (name, parameter) ->
            names.add(
                parameter.path("schema").path("type").asText().equals("object")
                    ? name.replace(".*", "") + ".…"
                    : name));
    assertThat(String.join(", ", names)).isEqualTo(fields.parameterNames());

    JsonNode sort = described.get("sort").path("schema");
    Set<String> sorts = new TreeSet<>(fields.sorts().keySet());
    fields.sorts().keySet().forEach(name -> sorts.add("-" + name));
    assertThat(texts(sort.path("enum"))).isEqualTo(sorts);
    assertThat(sort.path("default").asText()).isEqualTo(SearchQuery.NEWEST_FIRST.toString());
    assertThat(texts(described.get("facets").at("/schema/items/enum")))
        .isEqualTo(new TreeSet<>(fields.facets()));
    fields
        .choices()
        .forEach(
            (name, values) ->
                assertThat(texts(described.get(name).at("/schema/enum")))
                    .isEqualTo(new TreeSet<>(values)));
    JsonNode size = described.get("size").path("schema");
    assertThat(List.of(size.path("maximum").asInt(), size.path("default").asInt()))
        .containsExactly(SearchQuery.MAX_SIZE, SearchQuery.DEFAULT_SIZE);
  }

  private Map<String, JsonNode> described(String kind) {
    Map<String, JsonNode> described = new TreeMap<>();
    for (JsonNode parameter :
        document
            .path("paths")
            .path(kind.equals("audit") ? "/audit" : "/search/" + kind)
            .at("/get/parameters")) {
      JsonNode resolved = document.at(parameter.path("$ref").asText().substring(1));
      described.put(resolved.path("name").asText(), resolved);
    }
    return described;
  }

  private static Set<String> texts(JsonNode array) {
    Set<String> texts = new TreeSet<>();
    array.forEach(item -> texts.add(item.asText()));
    return texts;
  }
}
