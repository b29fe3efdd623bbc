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
 * Checks the responses that the servers gave to the workers: each run was granted to one claim
 * only, and only once; no run ended in two ways; and the server accepted no end of an older run
 * after it had granted a newer one.
 */
final class RunChecks {

  private final List<JsonNode> lines;
  private final Map<String, List<JsonNode>> requests = new HashMap<>();
  private final List<Violation> violations = new ArrayList<>();
  private int grantedClaims;
  private int acceptedEnds;
  private int refused;

  /**
   * Groups the requests by task.
   *
   * @param lines the lines of all {@link RunLog}s in order of time
   */
  RunChecks(List<JsonNode> lines) {
    this.lines = lines;
    for (JsonNode line : lines) {
      if (line.path("event").asText().equals(RunLog.REQUEST)) {
        requests.computeIfAbsent(line.path("task").asText(), t -> new ArrayList<>()).add(line);
      }
    }
  }

  List<Violation> check() {
    Map<String, Set<String>> grants = new HashMap<>();
    Map<String, Set<String>> ends = new HashMap<>();
    Set<String> responses = new HashSet<>();
    Map<String, Integer> newest = new HashMap<>();
    Map<String, Long> newestAt = new HashMap<>();
    for (JsonNode line : lines) {
      if (!line.path("event").asText().equals(RunLog.RESPONSE)) {
        continue;
      }
      String task = line.path("task").asText();
      int attempt = line.path("attempt").asInt();
      String run = run(line);
      if (line.path("status").asInt() != 200) {
        refused++;
        continue;
      }
      if (line.path("type").asText().equals("claim")) {
        grantedClaims++;
        Set<String> claims = grants.computeIfAbsent(run, r -> new HashSet<>());
        claims.add(line.path("worker").asText() + " " + line.path("claim").asText());
        if (claims.size() > 1) {
          violation(task, "two claims were granted for one run: " + run + " " + claims);
        }
        if (!responses.add(line.path("claim").asText() + " " + line.path("sent").asLong())) {
          violation(task, "one response granted a run twice: " + run);
        }
        if (attempt > newest.getOrDefault(task, 0)) {
          newest.put(task, attempt);
          newestAt.put(task, line.path("at").asLong());
        }
      } else {
        acceptedEnds++;
        Set<String> runEnds = ends.computeIfAbsent(run, r -> new TreeSet<>());
        runEnds.add(
            line.path("claim").asText()
                + " "
                + line.path("type").asText()
                + " "
                + line.path("state").asText());
        if (runEnds.size() > 1) {
          violation(task, "one run ended in two ways: " + run + " " + runEnds);
        }
        if (attempt < newest.getOrDefault(task, 0)
            && line.path("sent").asLong() > newestAt.get(task)
            && !isRepeated(line)) {
          violation(
              task,
              "the end of attempt "
                  + attempt
                  + " was accepted after attempt "
                  + newest.get(task)
                  + " was granted");
        }
      }
    }
    return violations;
  }

  /** Whether the worker sent the same request before, which may have been accepted then. */
  private boolean isRepeated(JsonNode line) {
    return requests(line.path("task").asText()).stream()
        .anyMatch(
            earlier ->
                earlier.path("claim").equals(line.path("claim"))
                    && earlier.path("sent").asLong() < line.path("sent").asLong());
  }

  private List<JsonNode> requests(String task) {
    return requests.getOrDefault(task, List.of());
  }

  private static String run(JsonNode line) {
    return line.path("task").asText()
        + "."
        + line.path("attempt").asInt()
        + "."
        + line.path("run").asText();
  }

  private void violation(String task, String description) {
    violations.add(new Violation(task, description));
  }

  /** The number of granted claims. */
  int grantedClaims() {
    return grantedClaims;
  }

  /** The number of accepted ends. */
  int acceptedEnds() {
    return acceptedEnds;
  }

  /** The number of claims and ends that were refused, because they were duplicates or late. */
  int refused() {
    return refused;
  }

  /** Whether a worker reported the success of an attempt. */
  boolean succeeded(String task, int attempt) {
    return requests(task).stream()
        .anyMatch(
            line -> line.path("attempt").asInt() == attempt && line.path("state").asInt() == 200);
  }

  /** The generators of the results in the last successful report of an attempt. */
  List<JsonNode> reportedGenerators(String task, int attempt) {
    JsonNode last = null;
    for (JsonNode line : requests(task)) {
      if (line.path("attempt").asInt() == attempt && line.path("state").asInt() == 200) {
        last = line;
      }
    }
    List<JsonNode> generators = new ArrayList<>();
    if (last != null) {
      last.path("generators").forEach(generators::add);
    }
    return generators;
  }
}
