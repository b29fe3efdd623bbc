package dev.docket.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks that the store holds exactly the accepted documents, tasks and results, and that every
 * task has ended as expected.
 */
final class StoreChecks {

  static final Set<Integer> END_STATES = Set.of(200, 400, 403, 404, 408, 424, 499, 500, 502, 503);

  private final ChaosHistory history;
  private final StoreSnapshot snapshot;
  private final List<Violation> violations = new ArrayList<>();

  StoreChecks(ChaosHistory history, StoreSnapshot snapshot) {
    this.history = history;
    this.snapshot = snapshot;
  }

  List<Violation> check() {
    checkDocuments();
    Map<String, ExpectedTask> expectedTasks = history.tasks();
    expectedTasks.values().forEach(this::checkTask);
    for (String task : snapshot.tasks().keySet()) {
      if (!expectedTasks.containsKey(task)) {
        violation(task, "exists, but was never submitted");
      }
    }
    snapshot.results().forEach(this::checkResults);
    return violations;
  }

  private void checkDocuments() {
    history
        .documents()
        .forEach(
            (document, deleted) -> {
              if (snapshot.documents().contains(document) == deleted) {
                violation(
                    "",
                    "document "
                        + document
                        + (deleted ? " still exists although it was deleted" : " is lost"));
              }
            });
    for (String document : snapshot.documents()) {
      if (!history.documents().containsKey(document)) {
        violation("", "document " + document + " exists, but was never submitted");
      }
    }
  }

  private void checkTask(ExpectedTask expected) {
    JsonNode task = snapshot.tasks().get(expected.id());
    if (expected.deleted() || task == null) {
      if (expected.deleted() != (task == null)) {
        violation(
            expected.id(), expected.deleted() ? "still exists although it was deleted" : "is lost");
      }
      return;
    }
    int state = state(task);
    if (!END_STATES.contains(state)) {
      violation(expected.id(), "has not ended: " + state + " " + task.path("message").asText());
      return;
    }
    if (!expected.ends().contains(state)) {
      violation(expected.id(), "ended in " + state + "; expected " + expected.ends());
    }
    if (task.path("attempt").asInt() < expected.minAttempt()) {
      violation(
          expected.id(),
          "ended in attempt "
              + task.path("attempt").asInt()
              + "; expected at least "
              + expected.minAttempt());
    }
    if (state == 200) {
      int results = snapshot.results().getOrDefault(expected.id(), List.of()).size();
      // DaneChecks says whether a result that was taken back may exist.
      if (results < expected.results() || results > expected.results() + expected.takenBack()) {
        violation(expected.id(), "has " + results + " results; expected " + expected.results());
      }
      checkDependency(expected, task);
    }
  }

  private void checkDependency(ExpectedTask expected, JsonNode task) {
    if (expected.dependency() == null) {
      return;
    }
    JsonNode dependency = snapshot.tasks().get(expected.dependency());
    if (dependency == null || state(dependency) != 200) {
      violation(
          expected.id(),
          "has succeeded although its dependency " + expected.dependency() + " has not");
    } else if (Instant.parse(task.path("started_at").asText())
        .isBefore(Instant.parse(dependency.path("finished_at").asText()))) {
      violation(
          expected.id(), "started before its dependency " + expected.dependency() + " had ended");
    }
  }

  private void checkResults(String id, List<JsonNode> results) {
    JsonNode task = snapshot.tasks().get(id);
    if (task == null) {
      violation(id, "does not exist, but has " + results.size() + " results");
      return;
    }
    int attempt = task.path("results").path("attempt").asInt();
    for (JsonNode result : results) {
      if (state(task) != 200 || result.path("attempt").asInt() != attempt) {
        violation(id, "has a result of a run that did not end it: " + result);
      }
    }
  }

  static int state(JsonNode task) {
    return task.path("state").asInt();
  }

  private void violation(String task, String description) {
    violations.add(new Violation(task, description));
  }
}
