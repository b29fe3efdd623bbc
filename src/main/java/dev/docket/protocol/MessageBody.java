package dev.docket.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.document.Creator;
import dev.docket.document.Target;
import dev.docket.task.Task;
import dev.docket.task.TaskSpec;
import dev.docket.wire.TaskMessage;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of a task's message, in the format that Docket's and DANE's workers share. */
public final class MessageBody {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

  private MessageBody() {}

  /** The body as JSON in UTF-8. */
  public static byte[] bytes(Task task) {
    return bytes(task, task.state().number(), task.message());
  }

  /**
   * The body as JSON in UTF-8, for workers that expect the same state in every message.
   *
   * @param message sent if the task has none
   */
  public static byte[] bytes(Task task, int state, String message) {
    try {
      return JSON.writeValueAsBytes(of(task, state, message));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write task " + task.id() + " as JSON", e);
    }
  }

  /** The body as a record; the response to a poll contains it too. */
  public static TaskMessage of(Task task) {
    return of(task, task.state().number(), task.message());
  }

  private static TaskMessage of(Task task, int state, String message) {
    return new TaskMessage(taskPart(task, state, message), documentPart(task.spec().document()));
  }

  private static TaskMessage.TaskPart taskPart(Task task, int state, String message) {
    return new TaskMessage.TaskPart(
        task.key().value(),
        task.id().value(),
        state,
        task.message().isEmpty() ? message : task.message(),
        time(task.createdAt()),
        time(task.updatedAt()),
        task.spec().priority(),
        task.spec().args());
  }

  private static TaskMessage.DocumentPart documentPart(TaskSpec.DocumentCopy document) {
    return new TaskMessage.DocumentPart(
        document.id().value(),
        target(document.target()),
        creator(document.creator()),
        time(document.createdAt()),
        time(document.updatedAt()));
  }

  private static Map<String, @Nullable Object> target(Target target) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(target.extra());
    fields.put("id", target.id());
    fields.put("url", target.url());
    fields.put("type", target.type().wire());
    return fields;
  }

  private static Map<String, @Nullable Object> creator(Creator creator) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(creator.extra());
    fields.put("id", creator.id());
    fields.put("type", creator.type().wire());
    if (creator.name() != null) {
      fields.put("name", creator.name());
    }
    return fields;
  }

  private static String time(Instant instant) {
    return TIME.format(instant);
  }
}
