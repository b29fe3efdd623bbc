package dev.docket.elastic.record;

import dev.docket.result.PayloadPart;
import dev.docket.task.ResultId;
import dev.docket.task.TaskId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of a part of a payload.
 *
 * @param data the bytes of the part, compressed with gzip; Base64 in JSON
 * @param total the size of the whole payload; null unless this is the last part
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PayloadRecord(
    ResultId resultId,
    int part,
    TaskId taskId,
    int attempt,
    String run,
    @Nullable String submission,
    byte[] data,
    @Nullable Long total,
    Instant createdAt) {

  PayloadRecord {
    Objects.requireNonNull(resultId, "result_id");
    Objects.requireNonNull(taskId, "task_id");
    Objects.requireNonNull(run, "run");
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(createdAt, "created_at");
  }

  static PayloadRecord of(PayloadPart part) {
    PayloadPart.Owner owner = part.owner();
    return new PayloadRecord(
        part.result(),
        part.number(),
        owner.task(),
        owner.attempt(),
        owner.run(),
        owner.submission(),
        compressed(part.bytes()),
        part.total(),
        part.createdAt());
  }

  PayloadPart payloadPart() {
    return new PayloadPart(
        resultId,
        part,
        new PayloadPart.Owner(taskId, attempt, run, submission),
        decompressed(data),
        total,
        createdAt);
  }

  private static byte[] compressed(byte[] bytes) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream(bytes.length / 4 + 64);
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }

  private static byte[] decompressed(byte[] data) {
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(data))) {
      return gzip.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
