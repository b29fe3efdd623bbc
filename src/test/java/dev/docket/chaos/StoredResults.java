package dev.docket.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import dev.docket.task.TaskId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * The records about results in Elasticsearch at one time, also those that readers do not see.
 *
 * @param runs the successful runs that each task lists, the earliest first
 * @param results the records of results by id, with a payload if it is in the record
 */
record StoredResults(Map<String, List<ResultRun>> runs, Map<String, JsonNode> results) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> RESULT_FIELDS =
      List.of("task_id", "attempt", "generator", "payload", "payload_bytes", "visible", "latest");

  /**
   * Reads the records.
   *
   * @param client a client of Elasticsearch
   */
  static StoredResults of(RetryingClient client) throws InterruptedException, TimeoutException {
    ElasticsearchRecords records = new ElasticsearchRecords(client);
    Map<String, JsonNode> results = new HashMap<>();
    for (JsonNode hit : records.all("docket-results", RESULT_FIELDS)) {
      results.put(hit.path("_id").asText(), hit.path("_source"));
    }
    Map<String, List<ResultRun>> runs = new HashMap<>();
    for (JsonNode hit : records.all("docket-tasks", List.of("result_runs"))) {
      List<ResultRun> listed = new ArrayList<>();
      for (JsonNode run : hit.path("_source").path("result_runs")) {
        listed.add(JSON.convertValue(run, ResultRun.class));
      }
      runs.put(hit.path("_id").asText(), listed);
    }
    return new StoredResults(runs, results);
  }

  /**
   * A result that a task lists.
   *
   * @param latest whether it belongs to the last listed run
   */
  record Listed(String task, int attempt, boolean latest) {}

  /** The results that the tasks list, by id. */
  Map<String, Listed> listed() {
    Map<String, Listed> listed = new HashMap<>();
    runs.forEach(
        (task, ofTask) -> {
          for (int i = 0; i < ofTask.size(); i++) {
            ResultRun run = ofTask.get(i);
            for (ResultId id : run.resultIds(new TaskId(task))) {
              listed.put(id.value(), new Listed(task, run.attempt(), i == ofTask.size() - 1));
            }
          }
        });
    return listed;
  }
}
