package dev.docket.explain;

import dev.docket.task.Move;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** How times, states and what others have said stand in a sentence. */
final class Phrase {

  private static final int LONGEST = 200;

  private Phrase() {}

  static String at(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  static String about(Duration time) {
    long seconds = Math.max(0, time.toSeconds());
    if (seconds < 1) {
      return "less than a second";
    }
    if (seconds < 120) {
      return seconds == 1 ? "a second" : seconds + " seconds";
    }
    if (seconds < 2 * 3600) {
      return Math.round(seconds / 60.0) + " minutes";
    }
    return seconds < 2 * 86_400
        ? Math.round(seconds / 3600.0) + " hours"
        : Math.round(seconds / 86_400.0) + " days";
  }

  static String state(TaskState state) {
    return state.number() + " " + state.name();
  }

  static String count(long number, String one, String many) {
    return number == 1 ? "1 " + one : number + " " + many;
  }

  /** The beginning of what somebody said, with a colon before it; nothing for nothing. */
  static String said(String message) {
    if (message.isEmpty()) {
      return "";
    }
    if (message.codePointCount(0, message.length()) > LONGEST) {
      return ": " + message.substring(0, message.offsetByCodePoints(0, LONGEST)) + "…";
    }
    return ": " + (message.endsWith(".") ? message.substring(0, message.length() - 1) : message);
  }

  /** The last move into the state in which the task is; the creation where none is known. */
  static Move lastMove(Task task) {
    for (int i = task.history().size() - 1; i >= 0; i--) {
      Move move = task.history().get(i);
      if (move.to() == task.state() && move.from() != move.to()) {
        return move;
      }
    }
    String by = "create " + task.spec().submittedBy();
    return new Move(task.createdAt(), null, task.state(), task.attempt(), by, null, 1);
  }
}
