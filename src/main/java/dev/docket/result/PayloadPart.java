package dev.docket.result;

import dev.docket.task.ResultId;
import dev.docket.task.TaskId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A part of a payload that is stored outside its result. All parts have {@value #BYTES} bytes,
 * except the last one, which may have fewer. The last part is written only after the whole payload
 * was received and found to be valid.
 *
 * @param result the id of the result that the payload belongs to
 * @param number counted from 0
 * @param owner the run that stores the payload
 * @param bytes a section of the payload, as JSON in UTF-8
 * @param total the size of the whole payload in bytes; null unless this is the last part
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PayloadPart(
    ResultId result,
    int number,
    Owner owner,
    byte[] bytes,
    @Nullable Long total,
    Instant createdAt) {

  /** The size of a part: small enough for many concurrent uploads. */
  public static final int BYTES = 256 * 1024;

  /**
   * A submission of a run.
   *
   * @param submission see {@link dev.docket.task.ResultRun}; null for results that are saved before
   *     the end
   */
  public record Owner(TaskId task, int attempt, String run, @Nullable String submission) {}

  /** Whether this part and the other are the same section of the same payload. */
  boolean hasSameContent(PayloadPart other) {
    return Arrays.equals(bytes, other.bytes) && Objects.equals(total, other.total);
  }

  /** The number of parts of a payload. */
  static int count(long payloadBytes) {
    return Math.toIntExact((payloadBytes + BYTES - 1) / BYTES);
  }
}
