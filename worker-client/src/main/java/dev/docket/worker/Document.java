package dev.docket.worker;

import dev.docket.wire.TaskMessage;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The document that a task belongs to, as it was when the server sent the task. */
public record Document(String id, Target target, Creator creator) {

  public Document {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(creator, "creator");
  }

  /**
   * The archived object.
   *
   * @param url the address of the object
   * @param extra all other submitted fields of the target; values may be null
   */
  public record Target(String id, String url, TargetType type, Map<String, Object> extra) {
    public Target {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(url, "url");
      Objects.requireNonNull(type, "type");
      extra = copy(extra);
    }
  }

  /**
   * The creator of the document.
   *
   * @param type {@code Organization}, {@code Human} or {@code Software}
   * @param extra all other submitted fields of the creator, such as {@code name}; values may be
   *     null
   */
  public record Creator(String id, String type, Map<String, Object> extra) {
    public Creator {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(type, "type");
      extra = copy(extra);
    }
  }

  /** Throws an exception that names the field if a field is missing or invalid. */
  static Document from(TaskMessage.DocumentPart part) {
    Map<String, Object> target = part.target();
    String type = text("target", target, "type");
    return new Document(
        part.id(),
        new Target(
            text("target", target, "id"),
            text("target", target, "url"),
            TargetType.fromWireName(type)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "document.target.type is unknown (was " + type + ")")),
            without(target, "id", "url", "type")),
        new Creator(
            text("creator", part.creator(), "id"),
            text("creator", part.creator(), "type"),
            without(part.creator(), "id", "type")));
  }

  static Map<String, Object> copy(Map<String, Object> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  private static Map<String, Object> without(Map<String, Object> map, String... names) {
    Map<String, Object> remaining = new LinkedHashMap<>(map);
    for (String name : names) {
      remaining.remove(name);
    }
    return remaining;
  }

  private static String text(String parent, @Nullable Map<String, Object> map, String name) {
    Object value = map == null ? null : map.get(name);
    if (!(value instanceof String text)) {
      throw new IllegalArgumentException("document." + parent + "." + name + " must be a string");
    }
    return text;
  }
}
