package dev.docket.worker;

import dev.docket.wire.TaskMessage;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A task, as a handler receives it.
 *
 * @param attempt the number of this run of the task, from 1
 * @param priority 0 to 10; 10 is the most urgent
 * @param args the submitted arguments; empty if there are none, values may be null
 * @param timeout the duration after which the server ends the run with 408; empty for no limit
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

  /** Throws an exception that names the field if a field is missing or invalid. */
  static Task from(TaskMessage message, int attempt) {
    TaskMessage.TaskPart part = message.task();
    if (part == null || message.document() == null) {
      throw new IllegalArgumentException("task or document is missing");
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

  /** Returns a copy with the document that a granted claim carries. */
  Task withDocument(TaskMessage.DocumentPart part) {
    return new Task(id, key, attempt, priority, args, Document.from(part), timeout);
  }

  /** Returns a copy with a timeout in seconds; 0 for no limit. */
  Task withTimeout(long seconds) {
    Optional<Duration> limit =
        seconds > 0 ? Optional.of(Duration.ofSeconds(seconds)) : Optional.empty();
    return new Task(id, key, attempt, priority, args, document, limit);
  }
}
