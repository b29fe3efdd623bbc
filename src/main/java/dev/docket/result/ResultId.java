package dev.docket.result;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.docket.task.RunResults;
import dev.docket.task.TaskId;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/** Identifies a result: {@code [A-Za-z0-9_-]{1,128}}. */
public record ResultId(@JsonValue String value) {

  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  public ResultId {
    Objects.requireNonNull(value, "value");
    if (!ALLOWED.matcher(value).matches()) {
      throw new IllegalArgumentException("must be 1 to 128 characters of A-Z a-z 0-9 _ -");
    }
  }

  /**
   * Parses an id.
   *
   * @throws IllegalArgumentException if it is invalid; the message says what is allowed
   */
  @JsonCreator
  public static ResultId fromString(String text) {
    return new ResultId(text);
  }

  /**
   * The id of a result, derived from task, run and ordinal, so storing a result again overwrites
   * the same record. A name-based UUID does not reveal the run's token, which only the worker may
   * know.
   */
  public static ResultId of(TaskId task, String run, int ordinal) {
    String name = task + "." + run + "." + ordinal;
    return new ResultId(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString());
  }

  /** The id of the result of a run with this ordinal, counted from 0. */
  public static ResultId of(TaskId task, RunResults results, int ordinal) {
    return of(task, results.run(), ordinal);
  }

  @Override
  public String toString() {
    return value;
  }
}
