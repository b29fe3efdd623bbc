package dev.docket.worker;

import dev.docket.wire.TaskMessage;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One task, as a handler gets it.
 *
 * @param attempt counts the runs of the task, from 1
 * @param priority 0 to 10, 10 being the most urgent
 * @param args what the submitter asked for; empty where there is nothing, values may be null
 * @param timeout how long the run may take before the server ends it with 408; empty for no limit
 */
public record Task(
    String id,
    String key,
    int attempt,
    int priority,
    Map<String, Object> args,
    Document document,
    Optional<Duration> timeout) {

  public Task {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(document, "document");
    Objects.requireNonNull(timeout, "timeout");
    args = Document.copy(args);
  }

  /** Fails with the name of the field if something is missing. */
  static Task from(TaskMessage message, int attempt) {
    TaskMessage.TaskPart part = message.task();
    if (part == null || message.document() == null) {
      throw new IllegalArgumentException("task or document: missing");
    }
    return new Task(
        part.id(),
        part.key(),
        attempt,
        part.priority(),
        part.args() == null ? Map.of() : part.args(),
        Document.from(message.document()),
        Optional.empty());
  }

  /** With a timeout; 0 for none. */
  Task within(long seconds) {
    Optional<Duration> limit =
        seconds > 0 ? Optional.of(Duration.ofSeconds(seconds)) : Optional.empty();
    return new Task(id, key, attempt, priority, args, document, limit);
  }
}
