package dev.docket.examples;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Two searches that an analyst might make. */
final class Searches {

  private static final String SHOWN = "5";

  private final DocketClient docket;
  private final String tag;

  Searches(DocketClient docket, String tag) {
    this.docket = docket;
    this.tag = tag;
  }

  /** The questions, as they are sent, and the answers. */
  List<String> shown() {
    List<String> lines = new ArrayList<>(texts());
    lines.add("");
    lines.addAll(slowest());
    return lines;
  }

  private List<String> texts() {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("tags", tag);
    parameters.put("key", FormatWorker.KEY);
    parameters.put("q", "text");
    parameters.put("size", SHOWN);
    List<String> lines = new ArrayList<>();
    String path = DocketClient.query("/search/task", parameters);
    JsonNode answer = docket.get(path);
    lines.add("Which files are text? GET " + path);
    lines.add("  " + answer.path("total") + " found, among them");
    for (JsonNode task : answer.path("hits")) {
      lines.add("  " + name(task) + ": " + task.path("message").asText());
    }
    return lines;
  }

  private List<String> slowest() {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("tags", tag);
    parameters.put("sort", "-run_ms");
    parameters.put("size", SHOWN);
    List<String> lines = new ArrayList<>();
    String path = DocketClient.query("/search/task", parameters);
    lines.add("What took longest? GET " + path);
    for (JsonNode task : docket.get(path).path("hits")) {
      lines.add(
          "  %d ms: %s of %s"
              .formatted(task.path("run_ms").asLong(), task.path("key").asText(), name(task)));
    }
    return lines;
  }

  private static String name(JsonNode task) {
    return TextWidth.printable(task.at("/document/target/id").asText());
  }
}
