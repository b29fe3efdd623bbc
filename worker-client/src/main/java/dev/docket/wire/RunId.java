package dev.docket.wire;

import java.util.Objects;
import java.util.Optional;

/**
 * Identifies one run of one task. Workers echo it, so that the server can tell a late reply from a
 * current one. The text form is {@code <task>.<attempt>.<run>} and is used as the AMQP {@code
 * correlation_id}. It stays within the broker's limit of 255 bytes, because a task id has at most
 * 128 characters and a token has 32.
 *
 * @param task the task's id
 * @param attempt the number of the run, from 1
 * @param run the random token of the run
 */
public record RunId(String task, int attempt, String run) {

  public RunId {
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(run, "run");
    if (attempt < 1) {
      throw new IllegalArgumentException("attempt must be at least 1 (was " + attempt + ")");
    }
  }

  /** Parses the text form; empty if the text has another form, as from another program. */
  public static Optional<RunId> parse(String text) {
    int last = text.lastIndexOf('.');
    int first = last < 1 ? -1 : text.lastIndexOf('.', last - 1);
    if (first < 1 || last == text.length() - 1) {
      return Optional.empty();
    }
    try {
      int attempt = Integer.parseInt(text.substring(first + 1, last));
      return attempt < 1
          ? Optional.empty()
          : Optional.of(new RunId(text.substring(0, first), attempt, text.substring(last + 1)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return task + "." + attempt + "." + run;
  }
}
