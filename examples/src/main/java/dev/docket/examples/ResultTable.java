package dev.docket.examples;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A table of the workers' results, read from the server. */
final class ResultTable {

  private static final int DIGEST_LENGTH = 12;

  private final DocketClient docket;
  private final Map<String, Map<String, String>> taskIds = new HashMap<>();

  ResultTable(DocketClient docket) {
    this.docket = docket;
  }

  /** Adds the result of a task to the table. */
  void add(JsonNode task) {
    taskIds
        .computeIfAbsent(task.path("document_id").asText(), document -> new HashMap<>())
        .put(task.path("key").asText(), task.path("id").asText());
  }

  /**
   * The lines of the table, with one row for each document.
   *
   * @param documents the files by document id, in the order of the rows
   */
  List<String> lines(Map<String, SourceFile> documents) {
    TextTable table =
        new TextTable(
            TextTable.Column.left("file", 44),
            TextTable.Column.right("size", 19),
            TextTable.Column.left("sha256", DIGEST_LENGTH),
            TextTable.Column.left("format", 40));
    documents.forEach(
        (id, file) -> {
          String digest = resultField(id, FixityWorker.KEY, "digest");
          table.add(
              file.id(),
              withThousandsSeparators(resultField(id, FileSizeWorker.KEY, "bytes")),
              digest.substring(0, DIGEST_LENGTH),
              resultField(id, FormatWorker.KEY, "media_type"));
        });
    return table.lines();
  }

  private static String withThousandsSeparators(String number) {
    return String.format(Locale.ROOT, "%,d", Long.parseLong(number));
  }

  private String resultField(String document, String key, String field) {
    String task = taskIds.getOrDefault(document, Map.of()).get(key);
    JsonNode results = docket.get("/task/" + task + "/results");
    JsonNode value = results.path(0).path("payload").path(field);
    if (value.isMissingNode()) {
      throw new UserError(
          "The result of task " + task + " (" + key + ") has no field " + field + ".");
    }
    return value.asText();
  }
}
