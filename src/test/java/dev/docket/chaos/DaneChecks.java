package dev.docket.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Checks the results that the DANE worker saved before it replied. A task has all of them, each
 * once, except for those that the worker took back.
 *
 * <p>A save that a lost connection made the worker repeat, or a second delivery of the same
 * message, can come after the deletion: then the result exists again. So results that were taken
 * back may exist for tasks that this happened to, and only for those.
 */
final class DaneChecks {

  private final Map<String, Set<String>> saved = new HashMap<>();
  private final Set<String> disturbed = new HashSet<>();
  private final List<Violation> violations = new ArrayList<>();
  private int kept;

  /**
   * @param events what all processes of the DANE worker did
   */
  DaneChecks(List<JsonNode> events) {
    Set<String> deliveries = new HashSet<>();
    for (JsonNode event : events) {
      String task = event.path("task").asText();
      switch (event.path("what").asText()) {
        case "saved" ->
            saved.computeIfAbsent(task, id -> new HashSet<>()).add(event.path("result").asText());
        case "disturbed" -> disturbed.add(task);
        case "took" -> {
          if (!deliveries.add(event.path("correlation_id").asText())) {
            disturbed.add(task);
          }
        }
        default -> {
          // Other events do not concern results.
        }
      }
    }
  }

  /** Checks the results of a task that has succeeded. */
  void check(ExpectedTask task, List<JsonNode> results) {
    Set<Integer> numbers = new TreeSet<>();
    for (JsonNode result : results) {
      int number = result.path("payload").path("number").asInt(-1);
      if (!saved.getOrDefault(task.id(), Set.of()).contains(result.path("id").asText())) {
        violation(task, "has a result that its worker did not save: " + result.path("id"));
      }
      // Without the payload, which a list omits if it is large, the count is checked only.
      if (result.has("payload") && !numbers.add(number)) {
        violation(task, "has its result " + number + " twice");
      }
      if (result.has("payload") && number < task.takenBack()) {
        kept++;
        if (!disturbed.contains(task.id())) {
          violation(task, "has its result " + number + ", which its worker took back");
        }
      }
    }
    if (results.size() < task.results()
        || results.size() > task.results() + task.takenBack()
        || (results.size() > task.results() && !disturbed.contains(task.id()))) {
      violation(task, "has " + results.size() + " results; expected " + task.results());
    }
  }

  private void violation(ExpectedTask task, String description) {
    violations.add(new Violation(task.id(), description));
  }

  List<Violation> violations() {
    return violations;
  }

  /** The number of results that exist although their worker took them back. */
  int kept() {
    return kept;
  }
}
