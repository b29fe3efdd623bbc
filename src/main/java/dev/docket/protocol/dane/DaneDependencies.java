package dev.docket.protocol.dane;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.document.DocumentId;
import dev.docket.document.MaxJsonBytes;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.machine.Effect;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the dependencies in a DANE worker's reply with state 412: {@code ["KEY", …]} or {@code
 * [{"key": "KEY", arguments…}, …]}. They are tasks of the same document.
 */
final class DaneDependencies {

  private static final int MAX_DEPENDENCIES = 1_000;

  /** Fields of a DANE task that are not arguments. */
  private static final Set<String> TASK_FIELDS =
      Set.of("key", "priority", "_id", "state", "msg", "created_at", "updated_at", "api");

  private static final ObjectMapper JSON = new ObjectMapper();

  private DaneDependencies() {}

  /**
   * Reads the dependencies. The list is empty if the reply has none.
   *
   * @param waitingKey the key of the task that waits
   * @throws IllegalArgumentException if one of them is invalid; the message says which
   */
  static List<Effect.NeededTask> read(
      JsonNode dependencies, DocumentId document, TaskKey waitingKey) {
    if (dependencies.isMissingNode() || dependencies.isNull()) {
      return List.of();
    }
    if (!dependencies.isArray() || dependencies.size() > MAX_DEPENDENCIES) {
      throw new IllegalArgumentException(
          "dependencies must be an array of at most " + MAX_DEPENDENCIES + " items");
    }
    if (dependencies.toString().length() > MaxJsonBytes.DEFAULT_MAX) {
      throw new IllegalArgumentException(
          "dependencies must be at most " + MaxJsonBytes.DEFAULT_MAX + " characters");
    }
    List<Effect.NeededTask> needed = new ArrayList<>();
    for (int i = 0; i < dependencies.size(); i++) {
      try {
        needed.add(needed(dependencies.get(i), document, waitingKey));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("dependencies/" + i + " " + e.getMessage(), e);
      }
    }
    return needed;
  }

  private static Effect.NeededTask needed(JsonNode item, DocumentId document, TaskKey waitingKey) {
    JsonNode keyNode = item.isObject() ? item.path("key") : item;
    if (!keyNode.isTextual()) {
      throw new IllegalArgumentException("must be a task key or an object with a key");
    }
    TaskKey key = TaskKey.fromString(keyNode.textValue());
    if (key.equals(waitingKey)) {
      throw new IllegalArgumentException("must not be the key of the waiting task itself");
    }
    return new Effect.NeededTask(TaskId.of(document, key), key, arguments(item));
  }

  /**
   * The arguments of a dependency, read as DANE reads those of a task: either the fields that are
   * not fields of a task, or the content of {@code args} if that is the only such field.
   */
  private static Map<String, @Nullable Object> arguments(JsonNode item) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    if (item.isObject()) {
      fields.putAll(JSON.convertValue(item, new TypeReference<Map<String, @Nullable Object>>() {}));
    }
    fields.keySet().removeAll(TASK_FIELDS);
    Object onlyArgs = fields.size() == 1 ? fields.get("args") : null;
    if (onlyArgs instanceof Map<?, ?>) {
      return JSON.convertValue(item.path("args"), new TypeReference<>() {});
    }
    return fields;
  }
}
