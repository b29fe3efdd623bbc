package dev.docket.events;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.docket.document.DocumentId;
import dev.docket.document.TargetType;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task came into a state, or into a new run in the same one.
 *
 * @param eventId names this event; no other event of any server has it
 * @param from the state before; null for a new task
 * @param message the beginning of it, at most {@value #MAX_MESSAGE_LENGTH} characters
 */
public record TaskEvent(
    String eventId,
    TaskId id,
    DocumentId documentId,
    TaskKey key,
    TaskState state,
    @Nullable TaskState from,
    int attempt,
    String message,
    TargetType targetType,
    String creatorId,
    Instant at) {

  static final int MAX_MESSAGE_LENGTH = 1000;

  static TaskEvent of(String eventId, Task task, @Nullable TaskState from) {
    return new TaskEvent(
        eventId,
        task.id(),
        task.spec().document().id(),
        task.key(),
        task.state(),
        from,
        task.attempt(),
        beginning(task.message()),
        task.spec().document().target().type(),
        task.spec().document().creator().id(),
        task.updatedAt());
  }

  private static String beginning(String message) {
    if (message.length() <= MAX_MESSAGE_LENGTH) {
      return message;
    }
    boolean halfCharacter = Character.isHighSurrogate(message.charAt(MAX_MESSAGE_LENGTH - 1));
    return message.substring(0, MAX_MESSAGE_LENGTH - (halfCharacter ? 1 : 0));
  }

  /** {@code task.<KEY>.<STATE>}, the state as a number. */
  @JsonIgnore
  String routingKey() {
    return "task." + key + "." + state.number();
  }
}
