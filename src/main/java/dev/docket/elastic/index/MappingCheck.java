package dev.docket.elastic.index;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Compares the mapping and settings of an index with the required ones. Reports only differences
 * that would fail writes or hide records from sweeps: a field that is missing, has another type or
 * is not searchable. Additional fields are allowed.
 */
final class MappingCheck {

  /** The attributes of a field that are compared, with Elasticsearch's defaults. */
  private static final Map<String, String> COMPARED_ATTRIBUTES =
      Map.of(
          "enabled", "true", "index", "true", "doc_values", "true", "path", "", "type", "object");

  private final List<String> differences = new ArrayList<>();

  private MappingCheck() {}

  /** Returns the differences, one clause each; empty if the index is compatible. */
  static List<String> differences(JsonNode expectedMapping, JsonNode mapping, JsonNode settings) {
    MappingCheck check = new MappingCheck();
    if (!"strict".equals(mapping.path("dynamic").asText())) {
      check.differences.add("the mapping must be \"dynamic\": \"strict\"");
    }
    check.compare("", expectedMapping.path("properties"), mapping.path("properties"));
    check.settings(settings.path("index"));
    return check.differences;
  }

  private void compare(String path, JsonNode expected, JsonNode actual) {
    expected
        .properties()
        .forEach(
            field -> {
              String name = path + field.getKey();
              JsonNode actualField = actual.get(field.getKey());
              if (actualField == null) {
                differences.add("field " + name + " is missing");
                return;
              }
              COMPARED_ATTRIBUTES.forEach(
                  (attribute, defaultValue) -> {
                    String required = field.getValue().path(attribute).asText(defaultValue);
                    String found = actualField.path(attribute).asText(defaultValue);
                    if (!required.equals(found)) {
                      differences.add(
                          "field %s: %s must be %s (is %s)"
                              .formatted(name, attribute, required, found));
                    }
                  });
              compare(
                  name + ".", field.getValue().path("properties"), actualField.path("properties"));
            });
  }

  private void settings(JsonNode index) {
    if (!"request".equals(index.path("translog").path("durability").asText())) {
      differences.add(
          "index.translog.durability must be request; otherwise accepted writes can be lost");
    }
    String refresh = index.path("refresh_interval").asText();
    if (refresh.isEmpty() || refresh.startsWith("-")) {
      differences.add(
          "index.refresh_interval must be set, for example to 1s; otherwise searches find no new"
              + " records");
    }
  }
}
