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
 * All records of the store at one time.
 *
 * @param documents the ids of the documents
 * @param tasks the tasks by id
 * @param results the results of the latest successful runs, by the id of their task
 */
record StoreSnapshot(
    Set<String> documents, Map<String, JsonNode> tasks, Map<String, List<JsonNode>> results) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_CONCURRENT = 8;

  /** Reads all records through the search API. */
  static StoreSnapshot of(RetryingClient client) throws InterruptedException, TimeoutException {
    Set<String> documents = new HashSet<>();
    client.lines("/search/document?fresh=true").forEach(d -> documents.add(id(d)));
    Map<String, JsonNode> tasks = new HashMap<>();
    client.lines("/search/task?fresh=true").forEach(task -> tasks.put(id(task), task));
    Map<String, List<JsonNode>> results = new HashMap<>();
    for (JsonNode result : client.lines("/search/result?fresh=true")) {
      if (result.path("latest").asBoolean()) {
        results
            .computeIfAbsent(result.path("task_id").asText(), task -> new ArrayList<>())
            .add(result);
      }
    }
    return new StoreSnapshot(documents, tasks, results);
  }

  private static String id(JsonNode record) {
    return record.path("id").asText();
  }

  /** Reads the history of each task. */
  static Map<String, JsonNode> histories(RetryingClient client, Collection<String> tasks)
      throws InterruptedException, ExecutionException {
    ExecutorService executor = Executors.newFixedThreadPool(MAX_CONCURRENT);
    try {
      List<String> ids = List.copyOf(tasks);
      List<Callable<JsonNode>> requests = new ArrayList<>();
      ids.forEach(id -> requests.add(() -> client.get("/task/" + id + "/history").body()));
      List<Future<JsonNode>> responses = executor.invokeAll(requests);
      Map<String, JsonNode> histories = new HashMap<>();
      for (int i = 0; i < ids.size(); i++) {
        histories.put(ids.get(i), responses.get(i).get());
      }
      return histories;
    } finally {
      executor.shutdownNow();
    }
  }

  /** Reads the workers' logs of their runs, in order of time; skips truncated lines. */
  static List<JsonNode> readRunLogs(List<Path> logs) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (Path log : logs) {
      for (String line : Files.readAllLines(log, StandardCharsets.UTF_8)) {
        try {
          JsonNode read = JSON.readTree(line);
          if (read.has("at")) {
            lines.add(read);
          }
        } catch (IOException e) {
          // The worker was killed while it wrote this line.
        }
      }
    }
    lines.sort((a, b) -> Long.compare(a.path("at").asLong(), b.path("at").asLong()));
    return lines;
  }
}
