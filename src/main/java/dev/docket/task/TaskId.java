package dev.docket.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.docket.document.DocumentId;
import dev.docket.http.idempotency.Fingerprint;
import java.util.Objects;
import java.util.regex.Pattern;

/** The id of a task: {@code [A-Za-z0-9_-]{1,128}}. */
public record TaskId(@JsonValue String value) implements Comparable<TaskId> {

  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  public TaskId {
    Objects.requireNonNull(value, "value");
    if (!ALLOWED.matcher(value).matches()) {
      throw new IllegalArgumentException("must be 1 to 128 characters of A-Z a-z 0-9 _ -");
    }
  }

  /**
   * Reads an id.
   *
   * @throws IllegalArgumentException if the id is malformed; the message says what is allowed
   */
  @JsonCreator
  public static TaskId fromString(String text) {
    return new TaskId(text);
  }

  /** The id that DANE derives from document and key, so that a document has a key only once. */
  public static TaskId of(DocumentId document, TaskKey key) {
    return new TaskId(Fingerprint.sha1(document.value() + key.value()));
  }

  @Override
  public int compareTo(TaskId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
