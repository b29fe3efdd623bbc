package dev.docket.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the histories of the tasks tell: how long nothing moved, and what was repaired in vain. */
final class HistoryStatistics {

  /** How the history says that the census missed a message. */
  private static final String SENT_AGAIN = "sent again";

  /** How it says that the lease was lost. */
  private static final String LOST = "lease_lost";

  /** A back-off, which is none of its stalls. */
  private static final Pattern PAUSE = Pattern.compile("again at ([-:.TZ0-9]+)");

  private static final int CREATED = 201;
  private static final int QUEUED = 202;
  private static final int PROCESSING = 102;
  private static final int UNFINISHED_DEPENDENCY = 412;

  private final Map<String, JsonNode> histories;
  private final List<AcceptedWork.Happened> faults;
  private Duration longestStall = Duration.ZERO;
  private String stalled = "";
  private int sentAgain;
  private final List<String> inVain = new ArrayList<>();

  HistoryStatistics(Map<String, JsonNode> histories, List<AcceptedWork.Happened> faults) {
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
      if (to == QUEUED && transition.path("message").asText().contains(SENT_AGAIN)) {
        sentAgain++;
        Instant sent = dispatched;
        if (sent != null && faults.stream().noneMatch(fault -> fault.losesMessagesAt(sent))) {
          inVain.add(task + " at " + at);
        }
      }
      if (to == CREATED || to == QUEUED) {
        dispatched = at;
      }
      if (i + 1 < history.size() && !isWaiting(transition, history.get(i + 1))) {
        stall(task, transition, history.get(i + 1), at);
      }
    }
  }

  /** For others, or while its worker was heard of. */
  private static boolean isWaiting(JsonNode transition, JsonNode next) {
    int to = transition.path("to").asInt();
    boolean worked = to == PROCESSING && !next.path("by").asText().startsWith(LOST);
    return to == UNFINISHED_DEPENDENCY || worked || StoreChecks.END_STATES.contains(to);
  }

  private void stall(String task, JsonNode transition, JsonNode next, Instant at) {
    Matcher pause = PAUSE.matcher(transition.path("message").asText());
    Instant due = pause.find() ? Instant.parse(pause.group(1)) : at;
    Duration gap = Duration.between(due, Instant.parse(next.path("at").asText()));
    if (gap.compareTo(longestStall) > 0) {
      longestStall = gap;
      stalled =
          task + " from " + transition.path("to").asText() + " to " + next.path("to").asText();
    }
  }

  /** How many tasks there are. */
  int tasks() {
    return histories.size();
  }

  Duration longestStall() {
    return longestStall;
  }

  /** Whose it was, and between which states. */
  String stalled() {
    return stalled;
  }

  int sentAgain() {
    return sentAgain;
  }

  /** Messages that were sent again though nothing can have been lost. */
  List<String> inVain() {
    return inVain;
  }
}
