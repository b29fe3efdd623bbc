package dev.docket.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * Records that no fuzzed request names, so that none may change them: a document, a task that has
 * ended with a result, one that is due in many years, and one that waits for it.
 */
final class Canaries {

  private final FuzzClient client;
  private final List<String> paths = new ArrayList<>();
  private final List<String> storePaths = new ArrayList<>();
  private final Map<String, String> before;

  Canaries(FuzzClient client, String name) {
    this.client = client;
    String document =
        client
            .post(
                "/document",
                Map.of(
                    "target",
                    Map.of("id", "canary-" + name, "url", "http://canary.example", "type", "Text"),
                    "creator",
                    Map.of("id", "canary-" + name, "type", "Human"),
                    "metadata",
                    Map.of("title", "canary")))
            .path("id")
            .asText();
    String ended = task(document, "CANARY", Map.of());
    String later = task(document, "CANARYLATER", Map.of("due_at", "2099-01-01T00:00:00Z"));
    String waiting = task(document, "CANARYWAITS", Map.of("depends_on", List.of("CANARYLATER")));
    JsonNode granted = client.post("/task/" + ended + "/claim", Map.of("worker", "canary"));
    RecordPool.complete(
        client,
        new RecordPool.Run(
            ended,
            granted.path("attempt").asInt(),
            granted.path("run").asText(),
            granted.path("claim_id").asText(),
            "canary"),
        200);
    String results = "/task/" + ended + "/results?payload=full";
    Awaitility.await().until(() -> client.getJson(results).size() == 1);
    String result = client.getJson(results).path(0).path("id").asText();
    paths.addAll(
        List.of(
            "/document/" + document,
            "/document/" + document + "/results",
            results,
            "/result/" + result,
            "/DANE/document/" + document));
    for (String task : List.of(ended, later, waiting)) {
      paths.add("/task/" + task);
      paths.add("/task/" + task + "/history");
      paths.add("/DANE/task/" + task);
      storePaths.add("/dane-index/_doc/" + task);
    }
    storePaths.add("/dane-index/_doc/" + document);
    storePaths.add("/dane-index/_doc/" + result);
    before = settled();
  }

  private String task(String document, String key, Map<String, ?> more) {
    Map<String, Object> task = new LinkedHashMap<>(more);
    task.put("document_id", document);
    task.put("key", key);
    return client.post("/task", task).path("id").asText();
  }

  private Map<String, String> read() {
    Map<String, String> records = new LinkedHashMap<>();
    paths.forEach(path -> records.put(path, client.get(path)));
    storePaths.forEach(path -> records.put(path, client.getFromStore(path)));
    return records;
  }

  /** The records once two reads in a row are equal: the server completes a task's effects later. */
  private Map<String, String> settled() {
    List<Map<String, String>> reads = new ArrayList<>();
    reads.add(read());
    Awaitility.await()
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              reads.add(read());
              return reads.get(reads.size() - 1).equals(reads.get(reads.size() - 2));
            });
    return reads.get(reads.size() - 1);
  }

  /** The records that are not the same, byte by byte. */
  List<String> changes() {
    List<String> changes = new ArrayList<>();
    Map<String, String> after = read();
    before.forEach(
        (path, record) -> {
          if (!record.equals(after.get(path))) {
            changes.add("canary " + path + " was " + record + " and is " + after.get(path));
          }
        });
    return changes;
  }
}
