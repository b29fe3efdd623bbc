package dev.docket.examples;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Two searches that an analyst might make. */
final class SampleSearches {

  private static final String PAGE_SIZE = "3";

  private final DocketClient docket;

  public SampleSearches(DocketClient docket) {
    this.docket = docket;
  }

  /** How many documents of each kind a creator has registered: the question and the answer. */
  List<String> kinds(String creator) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("creator.id", creator);
    parameters.put("facets", "target.type");
    parameters.put("size", "1");
    parameters.put("fresh", "true");
    String path = DocketClient.query("/search/document", parameters);
    JsonNode kinds = docket.get(path).path("facets").path("target.type");
    return List.of(
        "What is there? GET " + path,
        "  "
            + StreamSupport.stream(kinds.spliterator(), false)
                .map(kind -> kind.path("count").asText() + " " + kind.path("value").asText())
                .collect(Collectors.joining(", ")));
  }

  /** Which tasks with a tag have run longest: the question and the answer. */
  List<String> longest(String tag) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("tags", tag);
    parameters.put("sort", "-run_ms");
    parameters.put("size", PAGE_SIZE);
    parameters.put("fresh", "true");
    String path = DocketClient.query("/search/task", parameters);
    List<String> lines = new ArrayList<>(List.of("What took longest? GET " + path));
    for (JsonNode task : docket.get(path).path("hits")) {
      String name = TextWidth.printable(task.at("/document/target/id").asText());
      String key = task.path("key").asText();
      lines.add("  %d ms: %s of %s".formatted(task.path("run_ms").asLong(), key, name));
    }
    return lines;
  }
}
