package dev.docket.dialect.dane;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.document.MaxJsonBytes;
import dev.docket.task.NewTask;
import dev.docket.task.TaskKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request to assign a task to one document or to several: {@code {"document_id", "key",
 * "priority"?, …}}, where every other name is an argument, or the same with all but {@code
 * document_id} inside of {@code "task"}.
 *
 * @param many whether an array of documents was sent
 * @param documents ids as sent; those that no document can have are not found later
 */
record DaneAssignment(
    boolean many,
    List<String> documents,
    TaskKey key,
    int priority,
    Map<String, @Nullable Object> args) {

  private static final int DEFAULT_PRIORITY = 1;

  /** The fields of a task that are not arguments: clients send back tasks that they got. */
  private static final Set<String> OWN_FIELDS =
      Set.of("key", "priority", "state", "msg", "created_at", "updated_at", "api");

  /**
   * Reads the request.
   *
   * @throws DaneRefusal naming the field that is wrong
   */
  static DaneAssignment read(JsonNode sent, ObjectMapper mapper) {
    if (!sent.isObject()) {
      throw invalid("", "must be a JSON object");
    }
    JsonNode documents = sent.path("document_id");
    ObjectNode task = sent.deepCopy();
    task.remove("document_id");
    if (task.path("task").isObject()) {
      ObjectNode inner = task.path("task").deepCopy();
      task.remove("task");
      inner.setAll(task);
      task = inner;
    }
    if (task.has("_id")) {
      throw invalid("/_id", "must not be given");
    }
    return new DaneAssignment(
        documents.isArray(),
        documents(documents),
        key(task.path("key")),
        priority(task.get("priority")),
        args(task, mapper));
  }

  private static List<String> documents(JsonNode documents) {
    if (documents.isTextual()) {
      return List.of(documents.textValue());
    }
    List<String> ids = new ArrayList<>();
    for (JsonNode id : documents) {
      if (!id.isTextual()) {
        throw invalid("/document_id/" + ids.size(), "must be a text");
      }
      ids.add(id.textValue());
    }
    if (!documents.isArray()) {
      throw invalid("/document_id", "must be a document's id or an array of ids");
    }
    return ids;
  }

  private static TaskKey key(JsonNode key) {
    try {
      if (key.isTextual()) {
        return TaskKey.fromString(key.textValue());
      }
    } catch (IllegalArgumentException invalid) {
      throw invalid("/key", String.valueOf(invalid.getMessage()));
    }
    throw invalid("/key", "must be a text");
  }

  /** Any number, limited to the range from 0 to 10. */
  private static int priority(@Nullable JsonNode sent) {
    if (sent == null) {
      return DEFAULT_PRIORITY;
    }
    return Optional.of(sent)
        .filter(value -> value.isNumber() || value.isTextual())
        .flatMap(value -> DaneParameters.parsed(value.asText().strip(), Double::parseDouble))
        .filter(number -> !Double.isNaN(number))
        .map(number -> (int) Math.max(0, Math.min(10, number)))
        .orElseThrow(() -> invalid("/priority", "must be a number from 0 to 10"));
  }

  private static Map<String, @Nullable Object> args(ObjectNode task, ObjectMapper mapper) {
    ObjectNode args = task.deepCopy();
    args.remove(OWN_FIELDS);
    JsonNode all = args;
    if (args.size() == 1 && args.has("args")) {
      JsonNode only = args.path("args");
      all = only.isObject() ? only : only.isNull() ? args.removeAll() : args;
    }
    Map<String, @Nullable Object> map =
        mapper.convertValue(all, new TypeReference<LinkedHashMap<String, @Nullable Object>>() {});
    if (MaxJsonBytes.Check.length(map) > MaxJsonBytes.DEFAULT_MAX) {
      throw invalid("", "arguments must be at most " + MaxJsonBytes.DEFAULT_MAX + " bytes as JSON");
    }
    return map;
  }

  private static DaneRefusal invalid(String pointer, String detail) {
    return DaneRefusal.invalidTask(DaneBodies.error(pointer, detail));
  }

  /** The request for one of the documents; empty if no document can have the id. */
  Optional<NewTask> on(String document) {
    return DaneParameters.documentId(document).map(id -> NewTask.of(key, id, args, priority));
  }
}
