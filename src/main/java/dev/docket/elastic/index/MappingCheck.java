package dev.docket.elastic.index;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Compares what an index is with what it must be, in what matters: a field that is missing or of
 * another type, or that is not searchable, would fail writes or make sweeps blind. More fields than
 * needed do no harm.
 */
final class MappingCheck {

  /** What is compared of each field, with what it is where nothing is said. */
  private static final Map<String, String> COMPARED_ATTRIBUTES =
      Map.of(
          "enabled", "true", "index", "true", "doc_values", "true", "path", "", "type", "object");

  private final List<String> differences = new ArrayList<>();

  private MappingCheck() {}

  /** What does not fit, one sentence each. */
  static List<String> differences(JsonNode expectedMapping, JsonNode mapping, JsonNode settings) {
    MappingCheck check = new MappingCheck();
    if (!"strict".equals(mapping.path("dynamic").asText())) {
      check.differences.add("its mapping is not \"dynamic\": \"strict\"");
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
              JsonNode there = actual.get(field.getKey());
              if (there == null) {
                differences.add("field " + name + " is missing");
                return;
              }
              COMPARED_ATTRIBUTES.forEach(
                  (word, usual) -> {
                    String must = field.getValue().path(word).asText(usual);
                    String is = there.path(word).asText(usual);
                    if (!must.equals(is)) {
                      differences.add(
                          "field " + name + ": " + word + " is " + is + ", must be " + must);
                    }
                  });
              compare(name + ".", field.getValue().path("properties"), there.path("properties"));
            });
  }

  private void settings(JsonNode index) {
    if (!"request".equals(index.path("translog").path("durability").asText())) {
      differences.add(
          "index.translog.durability must be set to request: else an accepted write can be lost");
    }
    String refresh = index.path("refresh_interval").asText();
    if (refresh.isEmpty() || refresh.startsWith("-")) {
      differences.add(
          "index.refresh_interval must be set, as to 1s: else searches find nothing new");
    }
  }
}
