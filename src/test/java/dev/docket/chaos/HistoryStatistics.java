package dev.docket.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Evaluates the histories of the tasks: the longest time without progress, the number of
 * republished messages, and those that were republished although no message was lost.
 */
final class HistoryStatistics {

  /** The message of an entry for a message that the census sweep republished. */
  private static final String REPUBLISHED = "published again: the broker lost the message";

  /** The author of an entry for a lost lease. */
  private static final String LEASE_LOST = "lease_lost";

  /** The end of a backoff. The time until then does not count as a stall. */
  private static final Pattern BACKOFF_END = Pattern.compile("next attempt at ([-:.TZ0-9]+)");

  private static final int CREATED = 201;
  private static final int QUEUED = 202;
  private static final int PROCESSING = 102;
  private static final int UNFINISHED_DEPENDENCY = 412;

  private final Map<String, JsonNode> histories;
  private final List<ChaosHistory.InjectedFault> faults;
  private Duration longestStall = Duration.ZERO;
  private String stalledTask = "";
  private int republished;
  private final List<String> falseRepairs = new ArrayList<>();

  HistoryStatistics(Map<String, JsonNode> histories, List<ChaosHistory.InjectedFault> faults) {
    this.histories = histories;
    this.faults = faults;
    histories.forEach(this::read);
  }

  private void read(String task, JsonNode history) {
    Instant dispatched = null;
    for (int i = 0; i < history.size(); i++) {
      JsonNode transition = history.get(i);
      Instant at = Instant.parse(transition.path("at").asText());
      int to = transition.path("to").asInt();
      if (to == QUEUED && transition.path("message").asText().contains(REPUBLISHED)) {
        republished++;
        Instant sent = dispatched;
        if (sent != null && faults.stream().noneMatch(fault -> fault.losesMessagesAt(sent))) {
          falseRepairs.add(task + " at " + at);
        }
      }
      if (to == CREATED || to == QUEUED) {
        dispatched = at;
      }
      if (i + 1 < history.size() && !isExpectedWait(transition, history.get(i + 1))) {
        measureStall(task, transition, history.get(i + 1), at);
      }
    }
  }

  /** Whether the task waited for a dependency, was being executed, or had ended. */
  private static boolean isExpectedWait(JsonNode transition, JsonNode next) {
    int to = transition.path("to").asInt();
    boolean executed = to == PROCESSING && !next.path("by").asText().startsWith(LEASE_LOST);
    return to == UNFINISHED_DEPENDENCY || executed || StoreChecks.END_STATES.contains(to);
  }

  private void measureStall(String task, JsonNode transition, JsonNode next, Instant at) {
    Matcher backoffEnd = BACKOFF_END.matcher(transition.path("message").asText());
    Instant due = backoffEnd.find() ? Instant.parse(backoffEnd.group(1)) : at;
    Duration gap = Duration.between(due, Instant.parse(next.path("at").asText()));
    if (gap.compareTo(longestStall) > 0) {
      longestStall = gap;
      stalledTask =
          task + " from " + transition.path("to").asText() + " to " + next.path("to").asText();
    }
  }

  /** The number of tasks. */
  int tasks() {
    return histories.size();
  }

  Duration longestStall() {
    return longestStall;
  }

  /** The task with the longest stall, and the states before and after it. */
  String stalledTask() {
    return stalledTask;
  }

  int republished() {
    return republished;
  }

  /** The messages that were republished although no fault can have lost them. */
  List<String> falseRepairs() {
    return falseRepairs;
  }
}
