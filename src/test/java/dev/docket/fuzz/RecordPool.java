package dev.docket.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/**
 * Records that fuzzed requests name: documents, tasks in all stages of their life, runs, results
 * and a scroll. Fuzzed requests may delete them, so each group of requests has a pool of its own.
 * Immutable.
 */
final class RecordPool {

  private static final List<String> KEYS = List.of("FUZZA", "FUZZB", "FUZZC");
  private static final List<String> ACTIONS = List.of("retry", "forceretry", "reset", "Reset");
  private static final List<String> STATES = List.of("500", "400", "404", "422", "412", "201");
  private static final int DOCUMENTS = 12;

  private final String name;
  private final List<String> documents = new ArrayList<>();
  private final List<String> tasks = new ArrayList<>();
  private final List<String> results = new ArrayList<>();
  private final List<Run> runs = new ArrayList<>();
  private final String scroll;

  /** A claimed run. */
  record Run(String task, int attempt, String token, String claim, String worker) {}

  private RecordPool(FuzzClient client, String name) {
    this.name = name;
    List<Map<String, ?>> newDocuments = new ArrayList<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      newDocuments.add(
          Map.of(
              "target",
              Map.of("id", target(i), "url", "http://archive.example/" + i, "type", "Text"),
              "creator",
              Map.of("id", creator(), "type", "Organization")));
    }
    // Earlier requests may have paused or limited the keys, or described them as services.
    for (String key : KEYS) {
      client.delete("/limits/" + key);
      client.delete("/services/" + key.toLowerCase(Locale.ROOT));
    }
    ids(client.post("/documents", newDocuments), documents);
    ids(
        client.post(
            "/tasks",
            List.of(
                Map.of("document_id", documents, "key", KEYS.get(0)),
                Map.of("document_id", documents, "key", KEYS.get(1), "args", Map.of("a", 1)))),
        tasks);
    // Afterwards, or this request would create the tasks of the first key.
    ids(
        client.post(
            "/tasks",
            List.of(
                Map.of(
                    "document_id",
                    documents,
                    "key",
                    KEYS.get(2),
                    "depends_on",
                    List.of(KEYS.get(0))))),
        tasks);
    for (int i = 0; i < 8; i++) {
      runs.add(claim(client, tasks.get(i)));
    }
    complete(client, runs.get(0), 200);
    complete(client, runs.get(1), 200);
    complete(client, runs.get(2), 500);
    client.post("/task/" + tasks.get(15) + "/cancel", Map.of());
    for (int i = 0; i < 2; i++) {
      client
          .getJson("/task/" + runs.get(i).task() + "/results")
          .forEach(result -> results.add(result.path("id").asText()));
    }
    scroll =
        client
            .postToStore("/dane-index/_search?scroll=5m", Map.of("size", 1))
            .path("_scroll_id")
            .asText();
  }

  /**
   * Creates the records.
   *
   * @param name distinguishes them from the records of other pools
   */
  static RecordPool create(FuzzClient client, String name) {
    return new RecordPool(client, name);
  }

  private static void ids(JsonNode response, List<String> ids) {
    if (!response.path("failed").isEmpty()) {
      throw new IllegalStateException("cannot create records: " + response.path("failed"));
    }
    response.path("success").forEach(created -> ids.add(created.path("id").asText()));
  }

  private static Run claim(FuzzClient client, String task) {
    String worker = "fuzz-worker";
    JsonNode granted = client.post("/task/" + task + "/claim", Map.of("worker", worker));
    return new Run(
        task,
        granted.path("attempt").asInt(),
        granted.path("run").asText(),
        granted.path("claim_id").asText(),
        worker);
  }

  static void complete(FuzzClient client, Run run, int state) {
    client.post(
        "/task/" + run.task() + "/complete",
        Map.of(
            "worker",
            run.worker(),
            "attempt",
            run.attempt(),
            "run",
            run.token(),
            "claim_id",
            run.claim(),
            "state",
            state,
            "message",
            "done",
            "results",
            state == 200 ? List.of(Map.of("payload", Map.of("x", 1))) : List.of()));
  }

  /** Deletes the documents, and with them the tasks and results. */
  void delete(FuzzClient client) {
    documents.forEach(document -> client.delete("/document/" + document));
  }

  private static <T> T pick(List<T> list, Random random) {
    return list.get(random.nextInt(list.size()));
  }

  String document(Random random) {
    return pick(documents, random);
  }

  String task(Random random) {
    return pick(tasks, random);
  }

  String result(Random random) {
    return results.isEmpty() ? "none" : pick(results, random);
  }

  Run run(Random random) {
    return pick(runs, random);
  }

  String key(Random random) {
    return pick(KEYS, random);
  }

  /** A state that tasks can have, by its number. */
  String state(Random random) {
    return pick(STATES, random);
  }

  private String target(int number) {
    return "target-" + name + "-" + number;
  }

  String target(Random random) {
    return target(random.nextInt(DOCUMENTS));
  }

  String creator() {
    return "fuzz-" + name;
  }

  /** The value of a placeholder in the routes of dialects. */
  String named(String placeholder, Random random) {
    return switch (placeholder) {
      case "document" -> document(random);
      case "task" -> task(random);
      case "result" -> result(random);
      case "key" -> key(random);
      case "creator" -> creator();
      case "target" -> target(random);
      case "action" -> pick(ACTIONS, random);
      case "state" -> state(random);
      case "scroll" -> scroll;
      case "unique" -> new UUID(random.nextLong(), random.nextLong()) + name;
      default -> throw new IllegalArgumentException("unknown placeholder " + placeholder);
    };
  }
}
