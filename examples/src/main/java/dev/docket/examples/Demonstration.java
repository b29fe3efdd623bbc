package dev.docket.examples;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is shown of a running Docket: registering, assigning, watching, reading, searching. */
final class Demonstration {

  private static final String CREATOR = "docket-demo";
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final int BATCH = 1000;

  private final DocketClient docket;
  private final Runnable check;
  private final PrintStream out;
  private final String tag = "demo-" + Instant.now().toEpochMilli();

  /**
   * @param check fails if something has died
   */
  Demonstration(DocketClient docket, Runnable check, PrintStream out) {
    this.docket = docket;
    this.check = check;
    this.out = out;
  }

  /** Shows all of it; fails unless every task ends well. */
  void show(List<SourceFile> files) throws InterruptedException {
    Map<String, SourceFile> documents = register(files);
    out.println("  registered " + documents.size() + " documents");
    List<String> ids = List.copyOf(documents.keySet());
    Instant began = Instant.now();
    Findings findings = new Findings(docket);
    assign(ids, FileSizeWorker.KEY).forEach(findings::expect);
    assign(ids, FixityWorker.KEY).forEach(findings::expect);
    assign(ids, FormatWorker.KEY, FixityWorker.KEY).forEach(findings::expect);
    int tasks = 3 * files.size();
    out.println("  assigned " + tasks + " tasks; FORMAT waits for FIXITY");
    new ProgressDisplay(docket, check, tag, tasks, TIMEOUT, out).untilDone();
    Duration took = Duration.between(began, Instant.now());
    out.println();
    findings.table(documents).forEach(out::println);
    out.println();
    out.printf(
        "%d files, %d tasks, all 200, in %.1f s%n", files.size(), tasks, took.toMillis() / 1000.0);
    out.println();
    SampleSearches searches = new SampleSearches(docket);
    searches.kinds(CREATOR).forEach(out::println);
    searches.longest(tag).forEach(out::println);
  }

  private Map<String, SourceFile> register(List<SourceFile> files) {
    Map<String, SourceFile> byTarget = new LinkedHashMap<>();
    files.forEach(file -> byTarget.put(file.id(), file));
    Map<String, SourceFile> documents = new LinkedHashMap<>();
    for (List<SourceFile> batch : batches(files)) {
      JsonNode answer =
          docket.post("/documents", batch.stream().map(file -> file.document(CREATOR)).toList());
      for (JsonNode document : succeeded(answer, "registered")) {
        String target = document.at("/target/id").asText();
        SourceFile file = byTarget.get(target);
        if (file == null) {
          throw new UserError("The server has registered something else: " + document);
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
      succeeded(docket.post("/task", task), "assigned").forEach(assigned::add);
    }
    return assigned;
  }

  private static JsonNode succeeded(JsonNode answer, String what) {
    JsonNode failed = answer.path("failed");
    if (!failed.isEmpty()) {
      throw new UserError(
          failed.size()
              + " could not be "
              + what
              + ", the first for this reason: "
              + failed.get(0));
    }
    return answer.path("success");
  }

  private static <T> List<List<T>> batches(List<T> all) {
    List<List<T>> batches = new ArrayList<>();
    for (int from = 0; from < all.size(); from += BATCH) {
      batches.add(all.subList(from, Math.min(all.size(), from + BATCH)));
    }
    return batches;
  }
}
