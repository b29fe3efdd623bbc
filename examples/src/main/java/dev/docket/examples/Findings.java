package dev.docket.examples;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the workers have found out, read back from the server. */
final class Findings {

  private static final int DIGEST_SHOWN = 12;

  private final DocketClient docket;
  private final Map<String, Map<String, String>> tasks = new HashMap<>();

  Findings(DocketClient docket) {
    this.docket = docket;
  }

  /** Will look for the results of this task. */
  void expect(JsonNode task) {
    tasks
        .computeIfAbsent(task.path("document_id").asText(), document -> new HashMap<>())
        .put(task.path("key").asText(), task.path("id").asText());
  }

  /** A line for each document, in the order of the map, which is by id. */
  List<String> table(Map<String, SourceFile> documents) {
    TextTable table =
        new TextTable(
            TextTable.Column.left("file", 44),
            TextTable.Column.right("size", 19),
            TextTable.Column.left("sha256", DIGEST_SHOWN),
            TextTable.Column.left("format", 40));
    documents.forEach(
        (id, file) -> {
          String digest = found(id, FixityWorker.KEY, "digest");
          table.add(
              file.id(),
              grouped(found(id, FileSizeWorker.KEY, "bytes")),
              digest.substring(0, DIGEST_SHOWN),
              found(id, FormatWorker.KEY, "media_type"));
        });
    return table.lines();
  }

  private static String grouped(String number) {
    return String.format(Locale.ROOT, "%,d", Long.parseLong(number));
  }

  private String found(String document, String key, String field) {
    String task = tasks.getOrDefault(document, Map.of()).get(key);
    JsonNode results = docket.get("/task/" + task + "/results");
    JsonNode value = results.path(0).path("payload").path(field);
    if (value.isMissingNode()) {
      throw new UserError("Task " + task + " (" + key + ") has no result with a " + field + ".");
    }
    return value.asText();
  }
}
