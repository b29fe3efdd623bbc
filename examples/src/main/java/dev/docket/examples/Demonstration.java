package dev.docket.examples;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The steps of the demonstration: register documents, assign tasks, wait for them, print the
 * results, search.
 */
final class Demonstration {

  private static final String CREATOR = "docket-demo";
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final int BATCH_SIZE = 1000;

  private final DocketClient docket;
  private final Runnable healthCheck;
  private final PrintStream out;
  private final String tag = "demo-" + Instant.now().toEpochMilli();

  /**
   * @param healthCheck throws if a process of the stack has exited
   */
  Demonstration(DocketClient docket, Runnable healthCheck, PrintStream out) {
    this.docket = docket;
    this.healthCheck = healthCheck;
    this.out = out;
  }

  /**
   * Runs all steps.
   *
   * @throws UserError if a task does not succeed
   */
  void run(List<SourceFile> files) throws InterruptedException {
    Map<String, SourceFile> documents = register(files);
    out.println("  registered " + documents.size() + " documents");
    List<String> ids = List.copyOf(documents.keySet());
    Instant started = Instant.now();
    ResultTable results = new ResultTable(docket);
    assign(ids, FileSizeWorker.KEY).forEach(results::add);
    assign(ids, FixityWorker.KEY).forEach(results::add);
    assign(ids, FormatWorker.KEY, FixityWorker.KEY).forEach(results::add);
    int tasks = 3 * files.size();
    out.println("  assigned " + tasks + " tasks; FORMAT depends on FIXITY");
    new ProgressDisplay(docket, healthCheck, tag, tasks, TIMEOUT, out).awaitSuccess();
    Duration elapsed = Duration.between(started, Instant.now());
    out.println();
    results.lines(documents).forEach(out::println);
    out.println();
    out.printf(
        "%d files, %d tasks, all succeeded in %.1f s%n",
        files.size(), tasks, elapsed.toMillis() / 1000.0);
    out.println();
    SampleSearches searches = new SampleSearches(docket);
    searches.documentsByType(CREATOR).forEach(out::println);
    searches.slowestTasks(tag).forEach(out::println);
  }

  private Map<String, SourceFile> register(List<SourceFile> files) {
    Map<String, SourceFile> byTarget = new LinkedHashMap<>();
    files.forEach(file -> byTarget.put(file.id(), file));
    Map<String, SourceFile> documents = new LinkedHashMap<>();
    for (List<SourceFile> batch : batches(files)) {
      JsonNode response =
          docket.post("/documents", batch.stream().map(file -> file.document(CREATOR)).toList());
      for (JsonNode document : succeeded(response, "register the documents")) {
        String target = document.at("/target/id").asText();
        SourceFile file = byTarget.get(target);
        if (file == null) {
          throw new UserError("The server registered an unexpected document: " + document);
        }
        documents.put(document.path("id").asText(), file);
      }
    }
    if (documents.size() != files.size()) {
      throw new UserError(
          "Only " + documents.size() + " of " + files.size() + " files were registered.");
    }
    return documents;
  }

  private List<JsonNode> assign(List<String> documents, String key, String... dependsOn) {
    List<JsonNode> assigned = new ArrayList<>();
    for (List<String> batch : batches(documents)) {
      Map<String, Object> task = new LinkedHashMap<>();
      task.put("document_id", batch);
      task.put("key", key);
      task.put("tags", List.of(tag));
      task.put("depends_on", dependsOn);
      succeeded(docket.post("/task", task), "assign the tasks").forEach(assigned::add);
    }
    return assigned;
  }

  private static JsonNode succeeded(JsonNode response, String action) {
    JsonNode failed = response.path("failed");
    if (!failed.isEmpty()) {
      throw new UserError(
          "Cannot "
              + action
              + ": the server rejected "
              + failed.size()
              + " of them, the first with "
              + failed.get(0));
    }
    return response.path("success");
  }

  private static <T> List<List<T>> batches(List<T> items) {
    List<List<T>> batches = new ArrayList<>();
    for (int from = 0; from < items.size(); from += BATCH_SIZE) {
      batches.add(items.subList(from, Math.min(items.size(), from + BATCH_SIZE)));
    }
    return batches;
  }
}
