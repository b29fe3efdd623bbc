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
 * The tasks that a DANE worker wants done first: {@code ["KEY", …]} or {@code [{"key": "KEY",
 * arguments…}, …]}, on the same document.
 */
final class DaneDependencies {

  private static final int MAX_DEPENDENCIES = 1_000;

  /** What DANE's own task has besides its arguments. */
  private static final Set<String> OWN_FIELDS =
      Set.of("key", "priority", "_id", "state", "msg", "created_at", "updated_at", "api");

  private static final ObjectMapper JSON = new ObjectMapper();

  private DaneDependencies() {}

  /**
   * Reads them; empty where there are none.
   *
   * @param own the key of the task that waits
   * @throws IllegalArgumentException saying which of them is wrong
   */
  static List<Effect.Needed> read(JsonNode dependencies, DocumentId document, TaskKey own) {
    if (dependencies.isMissingNode() || dependencies.isNull()) {
      return List.of();
    }
    if (!dependencies.isArray() || dependencies.size() > MAX_DEPENDENCIES) {
      throw new IllegalArgumentException(
          "dependencies must be an array of at most " + MAX_DEPENDENCIES);
    }
    if (dependencies.toString().length() > MaxJsonBytes.DEFAULT_MAX) {
      throw new IllegalArgumentException(
          "dependencies must be at most " + MaxJsonBytes.DEFAULT_MAX + " characters");
    }
    List<Effect.Needed> needed = new ArrayList<>();
    for (int i = 0; i < dependencies.size(); i++) {
      try {
        needed.add(needed(dependencies.get(i), document, own));
      } catch (IllegalArgumentException bad) {
        throw new IllegalArgumentException("dependencies/" + i + " " + bad.getMessage(), bad);
      }
    }
    return needed;
  }

  private static Effect.Needed needed(JsonNode item, DocumentId document, TaskKey own) {
    JsonNode named = item.isObject() ? item.path("key") : item;
    if (!named.isTextual()) {
      throw new IllegalArgumentException("must be a key, or an object with a key");
    }
    TaskKey key = TaskKey.fromString(named.textValue());
    if (key.equals(own)) {
      throw new IllegalArgumentException("is the task itself");
    }
    return new Effect.Needed(TaskId.of(document, key), key, arguments(item));
  }

  /**
   * As DANE's own tasks are read: other names are arguments, or all of them are in {@code args}.
   */
  private static Map<String, @Nullable Object> arguments(JsonNode item) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    if (item.isObject()) {
      all.putAll(JSON.convertValue(item, new TypeReference<Map<String, @Nullable Object>>() {}));
    }
    all.keySet().removeAll(OWN_FIELDS);
    Object only = all.size() == 1 ? all.get("args") : null;
    if (only instanceof Map<?, ?>) {
      return JSON.convertValue(item.path("args"), new TypeReference<>() {});
    }
    return all;
  }
}
