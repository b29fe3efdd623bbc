package dev.docket.examples;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Watches the tasks of one tag until all have ended, and says how far they are. */
final class ProgressDisplay {

  private static final Duration REFRESH_INTERVAL = Duration.ofMillis(200);
  private static final int SUCCESS = 200;
  private static final int PROCESSING = 102;
  private static final Set<Integer> FAILED = Set.of(400, 403, 404, 424, 499, 500);
  private static final String UNFINISHED =
      "&state=102&state=201&state=202&state=205&state=4*&state=5*";
  private static final int MAX_NAMED = 20;

  private final DocketClient docket;
  private final Runnable check;
  private final String tag;
  private final int tasks;
  private final Duration patience;
  private final PrintStream out;

  /**
   * @param check fails if something has died
   * @param tasks how many there are
   * @param patience how long nothing may move
   */
  ProgressDisplay(
      DocketClient docket,
      Runnable check,
      String tag,
      int tasks,
      Duration patience,
      PrintStream out) {
    this.docket = docket;
    this.check = check;
    this.tag = tag;
    this.tasks = tasks;
    this.patience = patience;
    this.out = out;
  }

  /** Returns when all are 200; fails when all have ended and some not so, or when nothing moves. */
  void untilDone() throws InterruptedException {
    String last = "";
    String signs = "";
    long moved = System.nanoTime();
    while (true) {
      check.run();
      Map<Integer, Long> states = states();
      String line = "  working    " + line(states);
      String seen = line + underWay();
      if (!line.equals(last)) {
        out.println(line);
      }
      if (!seen.equals(signs)) {
        moved = System.nanoTime();
      }
      last = line;
      signs = seen;
      if (ended(states) == tasks) {
        if (count(states, SUCCESS) < tasks) {
          throw new UserError("Not every task has ended well:\n" + unfinished());
        }
        return;
      }
      if (System.nanoTime() - moved > patience.toNanos()) {
        throw new UserError(
            "Nothing has moved for " + patience.toSeconds() + " s. Stuck are:\n" + unfinished());
      }
      Thread.sleep(REFRESH_INTERVAL.toMillis());
    }
  }

  private String line(Map<Integer, Long> states) {
    String rest =
        states.entrySet().stream()
            .filter(each -> each.getKey() != SUCCESS)
            .map(each -> each.getValue() + " " + label(each.getKey()))
            .collect(Collectors.joining(", "));
    String done = count(states, SUCCESS) + " of " + tasks + " done";
    return rest.isEmpty() ? done : done + ", " + rest;
  }

  private static String label(int state) {
    return switch (state) {
      case 201, 205 -> "new";
      case 202 -> "queued";
      case PROCESSING -> "being worked on";
      case 412 -> "waiting for others";
      case 422 -> "without a queue yet";
      default -> "ended with " + state;
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
    JsonNode answer = search(Map.of("size", "1", "facets", "state"));
    Map<Integer, Long> states = new TreeMap<>();
    for (JsonNode bucket : answer.at("/facets/state")) {
      states.put(bucket.path("value").asInt(), bucket.path("count").asLong());
    }
    return states;
  }

  /** How far those are that are being worked on: large files take long, but move. */
  private String underWay() {
    StringBuilder signs = new StringBuilder();
    for (JsonNode task : search(Map.of("state", "102", "size", "100")).path("hits")) {
      signs.append(task.path("id")).append(task.path("progress")).append(task.path("message"));
    }
    return signs.toString();
  }

  private String unfinished() {
    JsonNode answer = docket.get(query(Map.of("size", Integer.toString(MAX_NAMED))) + UNFINISHED);
    StringBuilder lines = new StringBuilder();
    for (JsonNode task : answer.path("hits")) {
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
    long more = answer.path("total").asLong() - answer.path("hits").size();
    return more > 0 ? lines + "  and " + more + " more" : lines.toString().stripTrailing();
  }

  private JsonNode search(Map<String, String> more) {
    return docket.get(query(more));
  }

  private String query(Map<String, String> more) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("tags", tag);
    parameters.put("fresh", "true");
    parameters.putAll(more);
    return DocketClient.query("/search/task", parameters);
  }
}
