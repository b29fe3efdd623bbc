package dev.docket.manual;

import dev.docket.service.Field;
import dev.docket.service.ValueType;
import dev.docket.task.TaskKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sample forms for tests. */
public final class FormSamples {

  private FormSamples() {}

  /** An output without further rules. */
  public static Field field(String name, ValueType type, boolean mandatory, Object... allowed) {
    return new Field(name, null, null, type, List.of(), List.of(allowed), mandatory, null);
  }

  /** A form with these outputs. */
  public static TaskForm form(Field... fields) {
    return new TaskForm(new TaskKey("TRANSCRIBE"), "Transcribe", null, null, List.of(fields));
  }

  /** An output with a label, a description and media types. */
  public static Field described(
      String name, String title, @Nullable String description, ValueType type, String mediaType) {
    return new Field(name, title, description, type, List.of(mediaType), List.of(), true, null);
  }
}
