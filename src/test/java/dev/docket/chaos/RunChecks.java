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
 * What the servers told the workers: that nobody else got a lease that was given, nor the same one
 * twice, that no run ended twice, and that an older run was not listened to once a newer one was
 * granted.
 */
final class RunChecks {

  private final List<JsonNode> lines;
  private final Map<String, List<JsonNode>> says = new HashMap<>();
  private final List<Breach> breaches = new ArrayList<>();
  private int granted;
  private int taken;
  private int refused;

  /** The workers' lines in order of time. */
  RunChecks(List<JsonNode> lines) {
    this.lines = lines;
    for (JsonNode line : lines) {
      if (line.path("what").asText().equals("says")) {
        says.computeIfAbsent(line.path("task").asText(), t -> new ArrayList<>()).add(line);
      }
    }
  }

  List<Breach> check() {
    Map<String, Set<String>> grants = new HashMap<>();
    Map<String, Set<String>> ends = new HashMap<>();
    Set<String> answers = new HashSet<>();
    Map<String, Integer> newest = new HashMap<>();
    Map<String, Long> newestAt = new HashMap<>();
    for (JsonNode line : lines) {
      if (!line.path("what").asText().equals("heard")) {
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
        granted++;
        Set<String> claims = grants.computeIfAbsent(run, r -> new HashSet<>());
        claims.add(line.path("by").asText() + " " + line.path("claim").asText());
        if (claims.size() > 1) {
          breach(task, "two leases of one run at once: " + run + " " + claims);
        }
        if (!answers.add(line.path("claim").asText() + " " + line.path("sent").asLong())) {
          breach(task, "a run that one answer granted twice: " + run);
        }
        if (attempt > newest.getOrDefault(task, 0)) {
          newest.put(task, attempt);
          newestAt.put(task, line.path("at").asLong());
        }
      } else {
        taken++;
        Set<String> how = ends.computeIfAbsent(run, r -> new TreeSet<>());
        how.add(
            line.path("claim").asText()
                + " "
                + line.path("type").asText()
                + " "
                + line.path("state").asText());
        if (how.size() > 1) {
          breach(task, "a run that ended twice: " + run + " " + how);
        }
        if (attempt < newest.getOrDefault(task, 0)
            && line.path("sent").asLong() > newestAt.get(task)
            && !repeated(line)) {
          breach(
              task,
              "the end of attempt "
                  + attempt
                  + " was taken after attempt "
                  + newest.get(task)
                  + " was granted");
        }
      }
    }
    return breaches;
  }

  /** Said before, and perhaps taken then. */
  private boolean repeated(JsonNode line) {
    return said(line.path("task").asText()).stream()
        .anyMatch(
            other ->
                other.path("claim").equals(line.path("claim"))
                    && other.path("sent").asLong() < line.path("sent").asLong());
  }

  private List<JsonNode> said(String task) {
    return says.getOrDefault(task, List.of());
  }

  private static String run(JsonNode line) {
    return line.path("task").asText()
        + "."
        + line.path("attempt").asInt()
        + "."
        + line.path("run").asText();
  }

  private void breach(String task, String what) {
    breaches.add(new Breach(task, what));
  }

  /** How many claims were granted. */
  int granted() {
    return granted;
  }

  /** How many ends were taken. */
  int taken() {
    return taken;
  }

  /** How many claims and ends were refused, as of duplicates and of those who came late. */
  int refused() {
    return refused;
  }

  /** Whether a worker has handed in the success of an attempt. */
  boolean succeeded(String task, int attempt) {
    return said(task).stream()
        .anyMatch(
            line -> line.path("attempt").asInt() == attempt && line.path("state").asInt() == 200);
  }

  /**
   * The payloads that workers handed in for an attempt of a task, each as often as its run said.
   */
  List<JsonNode> handedIn(String task, int attempt) {
    JsonNode last = null;
    for (JsonNode line : said(task)) {
      if (line.path("attempt").asInt() == attempt && line.path("state").asInt() == 200) {
        last = line;
      }
    }
    List<JsonNode> payloads = new ArrayList<>();
    if (last != null) {
      last.path("results").forEach(result -> payloads.add(result.path("payload")));
    }
    return payloads;
  }
}
