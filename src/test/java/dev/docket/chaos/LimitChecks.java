package dev.docket.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.task.TaskState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * Checks the concurrency limit of a key: the runs of workers that claim never overlap more often
 * than it permits, and in the end each slot is free.
 */
final class LimitChecks {

  private final String key;
  private final int limit;
  private int maxRunning;

  LimitChecks(String key, int limit) {
    this.key = key;
    this.limit = limit;
  }

  /** The start or the end of a run. */
  private record Event(Instant at, int change, String task) {}

  /**
   * Checks the histories of all tasks. The servers share one clock, and a slot is given on after
   * the end of its run was written, so the times of the decisions do not overlap.
   */
  List<Violation> check(Map<String, JsonNode> tasks, Map<String, JsonNode> histories) {
    List<Event> events = new ArrayList<>();
    histories.forEach(
        (task, history) -> {
          if (tasks.get(task).path("key").asText().equals(key)) {
            addEvents(task, history, events);
          }
        });
    // A run may end in the millisecond in which the next one starts.
    events.sort(Comparator.comparing(Event::at).thenComparing(Event::change));
    List<Violation> violations = new ArrayList<>();
    int running = 0;
    for (Event event : events) {
      running += event.change();
      maxRunning = Math.max(maxRunning, running);
      if (running > limit) {
        violations.add(
            new Violation(
                event.task(),
                "%d runs of %s at %s; the limit is %d".formatted(running, key, event.at(), limit)));
      }
    }
    return violations;
  }

  private static void addEvents(String task, JsonNode history, List<Event> events) {
    boolean running = false;
    for (JsonNode transition : history) {
      boolean after = transition.path("to").asInt() == TaskState.PROCESSING.number();
      if (after != running) {
        events.add(new Event(Instant.parse(transition.path("at").asText()), after ? 1 : -1, task));
      }
      running = after;
    }
  }

  /** A server reports no occupied slot. */
  List<Violation> checkSlots(RetryingClient client) throws InterruptedException, TimeoutException {
    List<Violation> violations = new ArrayList<>();
    for (JsonNode slot : client.get("/limits/" + key).body().path("slots")) {
      violations.add(
          new Violation(
              slot.path("task").asText(),
              "slot " + slot.path("number") + " of " + key + " is lost"));
    }
    return violations;
  }

  /** The largest number of runs at the same time. */
  int maxRunning() {
    return maxRunning;
  }
}
