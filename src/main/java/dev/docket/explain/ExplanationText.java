package dev.docket.explain;

import dev.docket.task.Task;
import dev.docket.task.TaskState;
import dev.docket.task.Transition;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** How times, states and what others have said stand in a sentence. */
final class ExplanationText {

  private static final int MAX_QUOTE_LENGTH = 200;

  private ExplanationText() {}

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
    if (message.codePointCount(0, message.length()) > MAX_QUOTE_LENGTH) {
      return ": " + message.substring(0, message.offsetByCodePoints(0, MAX_QUOTE_LENGTH)) + "…";
    }
    return ": " + (message.endsWith(".") ? message.substring(0, message.length() - 1) : message);
  }

  /** The last move into the state in which the task is; the creation where none is known. */
  static Transition lastMove(Task task) {
    for (int i = task.history().size() - 1; i >= 0; i--) {
      Transition transition = task.history().get(i);
      if (transition.to() == task.state() && transition.from() != transition.to()) {
        return transition;
      }
    }
    String by = "create " + task.spec().submittedBy();
    return new Transition(task.createdAt(), null, task.state(), task.attempt(), by, null, 1);
  }
}
