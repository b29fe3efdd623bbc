package dev.docket.wire;

import java.util.Objects;
import java.util.Optional;

/**
 * Names one run of one task: what a worker echoes so that an answer that comes late can be told
 * from a current one. As text it is {@code <task>.<attempt>.<run>}, the AMQP {@code
 * correlation_id}; at most 255 bytes, which the broker demands, because a task id has at most 128
 * characters and a token 32.
 *
 * @param task the task's id
 * @param attempt counts the runs of the task, from 1
 * @param run the random token of this run
 */
public record RunId(String task, int attempt, String run) {

  public RunId {
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(run, "run");
    if (attempt < 1) {
      throw new IllegalArgumentException("attempt: must be 1 or more, was " + attempt);
    }
  }

  /** Reads the text form; empty where it is none, as from a sender that is not Docket. */
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
    } catch (NumberFormatException notOurs) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return task + "." + attempt + "." + run;
  }
}
