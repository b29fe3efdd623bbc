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

/** A task as the message that Docket's and DANE's workers read. */
public final class MessageBody {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

  private MessageBody() {}

  /** As UTF-8 JSON. */
  public static byte[] bytes(Task task) {
    try {
      return JSON.writeValueAsBytes(of(task));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("what was read as JSON can be written", impossible);
    }
  }

  /** As a record, which a poll's answer repeats. */
  public static TaskMessage of(Task task) {
    return new TaskMessage(taskPart(task), documentPart(task.spec().document()));
  }

  private static TaskMessage.TaskPart taskPart(Task task) {
    return new TaskMessage.TaskPart(
        task.key().value(),
        task.id().value(),
        task.state().number(),
        task.message(),
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
    Map<String, @Nullable Object> all = new LinkedHashMap<>(target.extra());
    all.put("id", target.id());
    all.put("url", target.url());
    all.put("type", target.type().wire());
    return all;
  }

  private static Map<String, @Nullable Object> creator(Creator creator) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>(creator.extra());
    all.put("id", creator.id());
    all.put("type", creator.type().wire());
    if (creator.name() != null) {
      all.put("name", creator.name());
    }
    return all;
  }

  private static String time(Instant instant) {
    return TIME.format(instant);
  }
}
