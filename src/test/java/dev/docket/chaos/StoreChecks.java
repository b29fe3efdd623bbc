package dev.docket.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Documents, tasks and results are exactly those accepted, and every task has ended as promised.
 */
final class StoreChecks {

  static final Set<Integer> END_STATES = Set.of(200, 400, 403, 404, 408, 424, 499, 500, 502, 503);

  private final AcceptedWork accepted;
  private final Evidence evidence;
  private final List<Breach> breaches = new ArrayList<>();

  StoreChecks(AcceptedWork accepted, Evidence evidence) {
    this.accepted = accepted;
    this.evidence = evidence;
  }

  List<Breach> check() {
    documents();
    Map<String, Promise> promised = accepted.tasks();
    promised.values().forEach(this::task);
    for (String task : evidence.tasks().keySet()) {
      if (!promised.containsKey(task)) {
        breach(task, "nobody has asked for this task");
      }
    }
    evidence.results().forEach(this::results);
    return breaches;
  }

  private void documents() {
    accepted
        .documents()
        .forEach(
            (document, gone) -> {
              if (evidence.documents().contains(document) == gone) {
                breach("", "document " + document + (gone ? " is still there" : " is lost"));
              }
            });
    for (String document : evidence.documents()) {
      if (!accepted.documents().containsKey(document)) {
        breach("", "nobody has asked for document " + document);
      }
    }
  }

  private void task(Promise promise) {
    JsonNode task = evidence.tasks().get(promise.id());
    if (promise.deleted() || task == null) {
      if (promise.deleted() != (task == null)) {
        breach(promise.id(), promise.deleted() ? "deleted and still there" : "lost");
      }
      return;
    }
    int state = state(task);
    if (!END_STATES.contains(state)) {
      breach(promise.id(), "has not ended: " + state + " " + task.path("message").asText());
      return;
    }
    if (!promise.ends().contains(state)) {
      breach(promise.id(), "ended in " + state + " and not in " + promise.ends());
    }
    if (task.path("attempt").asInt() < promise.leastAttempt()) {
      breach(promise.id(), "was to run again, as attempt " + promise.leastAttempt());
    }
    if (state == 200) {
      int results = evidence.results().getOrDefault(promise.id(), List.of()).size();
      if (results != promise.results()) {
        breach(promise.id(), "has " + results + " results and not " + promise.results());
      }
      after(promise, task);
    }
  }

  private void after(Promise promise, JsonNode task) {
    if (promise.after() == null) {
      return;
    }
    JsonNode first = evidence.tasks().get(promise.after());
    if (first == null || state(first) != 200) {
      breach(promise.id(), "has succeeded without " + promise.after());
    } else if (Instant.parse(task.path("started_at").asText())
        .isBefore(Instant.parse(first.path("finished_at").asText()))) {
      breach(promise.id(), "began before " + promise.after() + " had ended");
    }
  }

  private void results(String id, List<JsonNode> results) {
    JsonNode task = evidence.tasks().get(id);
    if (task == null) {
      breach(id, "has " + results.size() + " results and is gone");
      return;
    }
    int attempt = task.path("results").path("attempt").asInt();
    for (JsonNode result : results) {
      if (state(task) != 200 || result.path("attempt").asInt() != attempt) {
        breach(id, "a result of a run that did not end it: " + result);
      }
    }
  }

  static int state(JsonNode task) {
    return task.path("state").asInt();
  }

  private void breach(String task, String what) {
    breaches.add(new Breach(task, what));
  }
}
