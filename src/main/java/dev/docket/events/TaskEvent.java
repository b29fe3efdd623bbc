package dev.docket.events;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.docket.auth.Owner;
import dev.docket.document.DocumentId;
import dev.docket.document.TargetType;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task entered a state, or a new run in the same state.
 *
 * @param eventId id of the event, unique across all servers
 * @param from the previous state; null for a new task
 * @param message the task's message, truncated to {@value #MAX_MESSAGE_LENGTH} characters
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
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Owner owner,
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
        task.run().attempt(),
        truncated(task.message()),
        task.spec().document().target().type(),
        task.spec().document().creator().id(),
        task.spec().owner().orNull(),
        task.updatedAt());
  }

  private static String truncated(String message) {
    if (message.length() <= MAX_MESSAGE_LENGTH) {
      return message;
    }
    boolean splitsPair = Character.isHighSurrogate(message.charAt(MAX_MESSAGE_LENGTH - 1));
    return message.substring(0, MAX_MESSAGE_LENGTH - (splitsPair ? 1 : 0));
  }

  /** {@code task.<KEY>.<STATE>}, the state as a number. */
  @JsonIgnore
  String routingKey() {
    return "task." + key + "." + state.number();
  }
}
