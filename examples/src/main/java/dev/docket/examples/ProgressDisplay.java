package dev.docket.examples;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Waits until all tasks with a tag have ended, and prints their progress. */
final class ProgressDisplay {

  private static final Duration POLL_INTERVAL = Duration.ofMillis(200);
  private static final int SUCCESS = 200;
  private static final int PROCESSING = 102;
  private static final Set<Integer> FAILED = Set.of(400, 403, 404, 424, 499, 500);
  private static final String UNFINISHED =
      "&state=102&state=201&state=202&state=205&state=4*&state=5*";
  private static final int MAX_LISTED = 20;

  private final DocketClient docket;
  private final Runnable healthCheck;
  private final String tag;
  private final int tasks;
  private final Duration stallTimeout;
  private final PrintStream out;

  /**
   * @param healthCheck throws if a process of the stack has exited
   * @param tasks number of tasks with the tag
   * @param stallTimeout how long the tasks may make no progress
   */
  ProgressDisplay(
      DocketClient docket,
      Runnable healthCheck,
      String tag,
      int tasks,
      Duration stallTimeout,
      PrintStream out) {
    this.docket = docket;
    this.healthCheck = healthCheck;
    this.tag = tag;
    this.tasks = tasks;
    this.stallTimeout = stallTimeout;
    this.out = out;
  }

  /**
   * Waits until all tasks have succeeded.
   *
   * @throws UserError if all tasks have ended but some did not succeed, or if there is no progress
   *     for the stall timeout
   */
  void awaitSuccess() throws InterruptedException {
    String lastLine = "";
    String lastProgress = "";
    long lastChange = System.nanoTime();
    while (true) {
      healthCheck.run();
      Map<Integer, Long> states = states();
      String line = "  progress   " + line(states);
      String progress = line + runningTasks();
      if (!line.equals(lastLine)) {
        out.println(line);
      }
      if (!progress.equals(lastProgress)) {
        lastChange = System.nanoTime();
      }
      lastLine = line;
      lastProgress = progress;
      if (ended(states) == tasks) {
        if (count(states, SUCCESS) < tasks) {
          throw new UserError("Some tasks did not succeed:\n" + unfinished());
        }
        return;
      }
      if (System.nanoTime() - lastChange > stallTimeout.toNanos()) {
        throw new UserError(
            "No progress for "
                + stallTimeout.toSeconds()
                + " s. Unfinished tasks:\n"
                + unfinished());
      }
      Thread.sleep(POLL_INTERVAL.toMillis());
    }
  }

  private String line(Map<Integer, Long> states) {
    String others =
        states.entrySet().stream()
            .filter(each -> each.getKey() != SUCCESS)
            .map(each -> each.getValue() + " " + label(each.getKey()))
            .collect(Collectors.joining(", "));
    String done = count(states, SUCCESS) + " of " + tasks + " done";
    return others.isEmpty() ? done : done + ", " + others;
  }

  private static String label(int state) {
    return switch (state) {
      case 201, 205 -> "new";
      case 202 -> "queued";
      case PROCESSING -> "running";
      case 412 -> "waiting for dependencies";
      case 422 -> "waiting for a queue";
      default -> "ended with state " + state;
    };
  }

  private static long ended(Map<Integer, Long> states) {
    return states.entrySet().stream()
        .filter(each -> each.getKey() == SUCCESS || FAILED.contains(each.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private static long count(Map<Integer, Long> states, int state) {
    return states.getOrDefault(state, 0L);
  }

  private Map<Integer, Long> states() {
    JsonNode response = search(Map.of("size", "1", "facets", "state"));
    Map<Integer, Long> states = new TreeMap<>();
    for (JsonNode bucket : response.at("/facets/state")) {
      states.put(bucket.path("value").asInt(), bucket.path("count").asLong());
    }
    return states;
  }

  /** The progress of the running tasks. A large file takes long, but its progress changes. */
  private String runningTasks() {
    StringBuilder progress = new StringBuilder();
    for (JsonNode task : search(Map.of("state", "102", "size", "100")).path("hits")) {
      progress.append(task.path("id")).append(task.path("progress")).append(task.path("message"));
    }
    return progress.toString();
  }

  private String unfinished() {
    JsonNode response =
        docket.get(query(Map.of("size", Integer.toString(MAX_LISTED))) + UNFINISHED);
    StringBuilder lines = new StringBuilder();
    for (JsonNode task : response.path("hits")) {
      lines.append(
          "  %s of %s: %d %s: %s (GET /task/%s)%n"
              .formatted(
                  task.path("key").asText(),
                  TextWidth.printable(task.at("/document/target/id").asText()),
                  task.path("state").asInt(),
                  task.path("state_name").asText(),
                  TextWidth.printable(task.path("message").asText()),
                  task.path("id").asText()));
    }
    long more = response.path("total").asLong() - response.path("hits").size();
    return more > 0 ? lines + "  and " + more + " more" : lines.toString().stripTrailing();
  }

  private JsonNode search(Map<String, String> filters) {
    return docket.get(query(filters));
  }

  private String query(Map<String, String> filters) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("tags", tag);
    parameters.put("fresh", "true");
    parameters.putAll(filters);
    return DocketClient.query("/search/task", parameters);
  }
}
