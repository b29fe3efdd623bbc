package dev.docket.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The kind of work of a task, such as {@code ASR}: {@code [A-Z0-9_-]{1,64}}, in upper case. It is
 * one word of the routing key and therefore contains no dot.
 */
public record TaskKey(@JsonValue String value) implements Comparable<TaskKey> {

  private static final Pattern ALLOWED = Pattern.compile("[A-Z0-9_-]{1,64}");

  public TaskKey {
    value = Objects.requireNonNull(value, "value").toUpperCase(Locale.ROOT);
    if (!isValid(value)) {
      throw new IllegalArgumentException("must be 1 to 64 characters of A-Z 0-9 _ -");
    }
  }

  /**
   * Reads a key in upper or lower case.
   *
   * @throws IllegalArgumentException if the key is malformed; the message says what is allowed
   */
  @JsonCreator
  public static TaskKey fromString(String text) {
    return new TaskKey(text);
  }

  /** Whether the text is a task key, in upper or lower case. */
  public static boolean isValid(String text) {
    return ALLOWED.matcher(text.toUpperCase(Locale.ROOT)).matches();
  }

  @Override
  public int compareTo(TaskKey other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
