package dev.docket.result;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.docket.task.RunResults;
import dev.docket.task.TaskId;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/** Names a result: {@code [A-Za-z0-9_-]{1,128}}. */
public record ResultId(@JsonValue String value) {

  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  public ResultId {
    Objects.requireNonNull(value, "value");
    if (!ALLOWED.matcher(value).matches()) {
      throw new IllegalArgumentException("must be 1 to 128 of A-Z a-z 0-9 _ -");
    }
  }

  /**
   * Reads an id.
   *
   * @throws IllegalArgumentException saying what is allowed
   */
  @JsonCreator
  public static ResultId fromString(String text) {
    return new ResultId(text);
  }

  /**
   * The id of a run's result, so that storing it twice is storing it once. A name-based UUID: it
   * shows nothing of the run's token, which is for the worker alone.
   */
  public static ResultId of(TaskId task, String run, int ordinal) {
    String name = task + "." + run + "." + ordinal;
    return new ResultId(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString());
  }

  /** The id of the n-th of a run's results. */
  public static ResultId of(TaskId task, RunResults results, int ordinal) {
    return of(task, results.run(), ordinal);
  }

  @Override
  public String toString() {
    return value;
  }
}
