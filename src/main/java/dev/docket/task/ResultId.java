package dev.docket.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.docket.http.idempotency.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Identifies a result: {@code [A-Za-z0-9_-]{1,128}}. The ids are derived, so that storing a result
 * again finds the same record. They do not reveal the run's token, which only the worker may know.
 */
public record ResultId(@JsonValue String value) {

  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  /** 15 bytes are 20 characters, the length of the ids that DANE's index gives. */
  private static final int SAVED_ID_BYTES = 15;

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
   * The id of a result that was submitted with the end of its run.
   *
   * @param submission see {@link ResultRun}
   * @param ordinal the index of the result in the submission
   */
  public static ResultId submitted(
      TaskId task, String run, @Nullable String submission, int ordinal) {
    String name = task + "." + run + "." + (submission == null ? "" : submission + ".") + ordinal;
    return new ResultId(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString());
  }

  /**
   * The id of a result that is saved before the end of the task's current run, so that the same
   * save again has the same id, unless the result was taken back in between.
   *
   * @param digest identifies the result within its run
   */
  public static ResultId saved(Task task, byte[] digest) {
    ResultId id = saved(task, digest, 0);
    for (int times = 1; task.run().takenBack().contains(id); times++) {
      id = saved(task, digest, times);
    }
    return id;
  }

  private static ResultId saved(Task task, byte[] digest, int takenBack) {
    MessageDigest sha256 = Fingerprint.digest("SHA-256");
    String run =
        task.id() + "." + task.run().token() + "." + (takenBack == 0 ? "" : takenBack + ".");
    sha256.update(run.getBytes(StandardCharsets.UTF_8));
    byte[] start = Arrays.copyOf(sha256.digest(digest), SAVED_ID_BYTES);
    return new ResultId(Base64.getUrlEncoder().encodeToString(start));
  }

  @Override
  public String toString() {
    return value;
  }
}
