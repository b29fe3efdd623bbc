package dev.docket.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks that Elasticsearch holds exactly the results that the existing tasks list: visible, and
 * marked as the latest only if they belong to the last listed run.
 */
final class ResultChecks {

  private final StoredResults stored;
  private final Set<String> tasks;

  /**
   * @param tasks the ids of the tasks that exist
   */
  ResultChecks(StoredResults stored, Set<String> tasks) {
    this.stored = stored;
    this.tasks = tasks;
  }

  List<Violation> check() {
    List<Violation> violations = new ArrayList<>();
    Map<String, StoredResults.Listed> listed = stored.listed();
    listed.values().removeIf(result -> !tasks.contains(result.task()));
    listed.forEach(
        (id, result) -> {
          if (!stored.results().containsKey(id)) {
            violations.add(
                new Violation(
                    result.task(),
                    "its result " + id + " of attempt " + result.attempt() + " is missing"));
          }
        });
    stored
        .results()
        .forEach(
            (id, result) -> {
              StoredResults.Listed expected = listed.get(id);
              String task = result.path("task_id").asText();
              if (expected == null || !expected.task().equals(task)) {
                violations.add(
                    new Violation(
                        task,
                        "result "
                            + id
                            + " of attempt "
                            + result.path("attempt").asInt()
                            + " exists, but the task does not list it"));
              } else {
                checkMarks(id, result, expected, violations);
              }
            });
    return violations;
  }

  private static void checkMarks(
      String id, JsonNode result, StoredResults.Listed expected, List<Violation> violations) {
    if (!result.path("visible").asBoolean(false)) {
      violations.add(new Violation(expected.task(), "its result " + id + " is not visible"));
    }
    boolean latest = result.path("latest").asBoolean(!expected.latest());
    if (latest != expected.latest()) {
      violations.add(
          new Violation(
              expected.task(),
              "its result "
                  + id
                  + " of attempt "
                  + expected.attempt()
                  + (latest ? " is still" : " is not")
                  + " marked as the latest"));
    }
  }
}
