package dev.docket.examples;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Two sample searches, as an analyst might run them. */
final class SampleSearches {

  private static final String PAGE_SIZE = "3";

  private final DocketClient docket;

  SampleSearches(DocketClient docket) {
    this.docket = docket;
  }

  /** Counts a creator's documents by target type. Returns lines with the request and its result. */
  List<String> documentsByType(String creator) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("creator.id", creator);
    parameters.put("facets", "target.type");
    parameters.put("size", "1");
    parameters.put("fresh", "true");
    String path = DocketClient.query("/search/document", parameters);
    JsonNode types = docket.get(path).path("facets").path("target.type");
    return List.of(
        "Documents by type: GET " + path,
        "  "
            + StreamSupport.stream(types.spliterator(), false)
                .map(type -> type.path("count").asText() + " " + type.path("value").asText())
                .collect(Collectors.joining(", ")));
  }

  /** Finds the slowest tasks with a tag. Returns lines with the request and its result. */
  List<String> slowestTasks(String tag) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("tags", tag);
    parameters.put("sort", "-run_ms");
    parameters.put("size", PAGE_SIZE);
    parameters.put("fresh", "true");
    String path = DocketClient.query("/search/task", parameters);
    List<String> lines = new ArrayList<>(List.of("Slowest tasks: GET " + path));
    for (JsonNode task : docket.get(path).path("hits")) {
      String name = TextWidth.printable(task.at("/document/target/id").asText());
      String key = task.path("key").asText();
      lines.add("  %d ms: %s of %s".formatted(task.path("run_ms").asLong(), key, name));
    }
    return lines;
  }
}
