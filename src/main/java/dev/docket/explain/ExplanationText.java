package dev.docket.explain;

import dev.docket.task.Task;
import dev.docket.task.TaskState;
import dev.docket.task.Transition;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Formats times, durations, states and quoted messages for sentences about tasks. */
public final class ExplanationText {

  private static final int MAX_QUOTE_LENGTH = 200;

  private ExplanationText() {}

  /** Returns a time to the second. */
  public static String at(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Rounds a duration to a readable unit, as {@code 6 minutes}. */
  public static String rounded(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 1) {
      return "less than a second";
    }
    if (seconds < 120) {
      return count(seconds, "second", "seconds");
    }
    if (seconds < 2 * 3600) {
      return Math.round(seconds / 60.0) + " minutes";
    }
    return seconds < 2 * 86_400
        ? Math.round(seconds / 3600.0) + " hours"
        : Math.round(seconds / 86_400.0) + " days";
  }

  /** Returns number and name, as {@code 202 QUEUED}. */
  public static String state(TaskState state) {
    return state.number() + " " + state.name();
  }

  /** Returns a number with its noun. */
  public static String count(long number, String singular, String plural) {
    return number + " " + (number == 1 ? singular : plural);
  }

  /**
   * Returns a colon and the first {@value #MAX_QUOTE_LENGTH} characters of a message, without its
   * final full stop; empty for an empty message.
   */
  static String quoted(String message) {
    if (message.isEmpty()) {
      return "";
    }
    if (message.codePointCount(0, message.length()) > MAX_QUOTE_LENGTH) {
      return ": " + message.substring(0, message.offsetByCodePoints(0, MAX_QUOTE_LENGTH)) + "…";
    }
    return ": " + (message.endsWith(".") ? message.substring(0, message.length() - 1) : message);
  }

  /** Returns the last transition into the task's state, or its creation if none is recorded. */
  static Transition lastTransition(Task task) {
    for (int i = task.history().size() - 1; i >= 0; i--) {
      Transition transition = task.history().get(i);
      if (transition.to() == task.state() && transition.from() != transition.to()) {
        return transition;
      }
    }
    String by = "create " + task.spec().submittedBy();
    return new Transition(
        task.createdAt(), null, task.state(), task.run().attempt(), by, null, 1, null);
  }
}
