package dev.docket.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the histories of the tasks tell: how long nothing moved, and what was repaired in vain. */
final class Moves {

  /** How the history says that the census missed a message. */
  private static final String SENT_AGAIN = "sent again";

  private final Map<String, JsonNode> histories;
  private final List<Ledger.Happened> faults;
  private Duration longestStall = Duration.ZERO;
  private String stalled = "";
  private int sentAgain;
  private final List<String> inVain = new ArrayList<>();

  Moves(Map<String, JsonNode> histories, List<Ledger.Happened> faults) {
    this.histories = histories;
    this.faults = faults;
    histories.forEach(this::read);
  }

  private void read(String task, JsonNode history) {
    Instant dispatched = null;
    for (int i = 0; i < history.size(); i++) {
      JsonNode move = history.get(i);
      Instant at = Instant.parse(move.path("at").asText());
      String to = move.path("to").asText();
      if (move.path("by").asText().startsWith("census")
          || (to.equals("QUEUED") && move.path("message").asText().contains(SENT_AGAIN))) {
        sentAgain++;
        Instant sent = dispatched;
        if (sent != null && faults.stream().noneMatch(fault -> fault.losesMessagesAt(sent))) {
          inVain.add(task + " at " + at);
        }
      }
      if (to.equals("CREATED") || to.equals("QUEUED")) {
        dispatched = at;
      }
      if (i + 1 < history.size() && !isWaiting(move)) {
        stall(task, move, history.get(i + 1), at);
      }
    }
  }

  private static boolean isWaiting(JsonNode move) {
    String to = move.path("to").asText();
    return to.equals("UNFINISHED_DEPENDENCY") || isEnd(to);
  }

  private static boolean isEnd(String state) {
    return !List.of("CREATED", "QUEUED", "PROCESSING", "NO_ROUTE_TO_QUEUE", "TASK_RESET")
        .contains(state);
  }

  private void stall(String task, JsonNode move, JsonNode next, Instant at) {
    Duration gap = Duration.between(at, Instant.parse(next.path("at").asText()));
    if (gap.compareTo(longestStall) > 0) {
      longestStall = gap;
      stalled = task + " " + move.path("to").asText() + " to " + next.path("to").asText();
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
