package dev.docket.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;

/**
 * What there is in the end.
 *
 * @param documents their ids
 * @param tasks by their ids
 * @param results by the ids of their tasks
 */
record Evidence(
    Set<String> documents, Map<String, JsonNode> tasks, Map<String, List<JsonNode>> results) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_CONCURRENT = 8;

  /** Asks for all there is. */
  static Evidence of(Client client) throws InterruptedException, TimeoutException {
    Set<String> documents = new HashSet<>();
    client.lines("/search/document?fresh=true").forEach(d -> documents.add(id(d)));
    Map<String, JsonNode> tasks = new HashMap<>();
    client.lines("/search/task?fresh=true").forEach(task -> tasks.put(id(task), task));
    Map<String, List<JsonNode>> results = new HashMap<>();
    for (JsonNode result : client.lines("/search/result?fresh=true")) {
      results
          .computeIfAbsent(result.path("task_id").asText(), task -> new ArrayList<>())
          .add(result);
    }
    return new Evidence(documents, tasks, results);
  }

  private static String id(JsonNode record) {
    return record.path("id").asText();
  }

  /** The moves of each task. */
  static Map<String, JsonNode> histories(Client client, Collection<String> tasks)
      throws InterruptedException, ExecutionException {
    ExecutorService hands = Executors.newFixedThreadPool(MAX_CONCURRENT);
    try {
      List<String> ids = List.copyOf(tasks);
      List<Callable<JsonNode>> questions = new ArrayList<>();
      ids.forEach(id -> questions.add(() -> client.get("/task/" + id + "/history").body()));
      List<Future<JsonNode>> answers = hands.invokeAll(questions);
      Map<String, JsonNode> histories = new HashMap<>();
      for (int i = 0; i < ids.size(); i++) {
        histories.put(ids.get(i), answers.get(i).get());
      }
      return histories;
    } finally {
      hands.shutdownNow();
    }
  }

  /** What the workers wrote, in order of time; lines that were broken off are left out. */
  static List<JsonNode> runs(List<Path> logs) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (Path log : logs) {
      for (String line : Files.readAllLines(log, StandardCharsets.UTF_8)) {
        try {
          JsonNode read = JSON.readTree(line);
          if (read.has("at")) {
            lines.add(read);
          }
        } catch (IOException brokenOff) {
          // Whoever wrote it was killed.
        }
      }
    }
    lines.sort((a, b) -> Long.compare(a.path("at").asLong(), b.path("at").asLong()));
    return lines;
  }
}
