package dev.docket.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.task.ResultId;
import dev.docket.task.TaskId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Uploads that stop and continue. */
final class ResumedUploadTest {

  private static final int PART = PayloadPart.BYTES;
  private static final ResultId ID = new ResultId("result");
  private static final PayloadPart.Owner OWNER =
      new PayloadPart.Owner(new TaskId("0".repeat(40)), 1, "run", "claim");

  private final MemoryPayloadStore store = new MemoryPayloadStore();
  private final Payloads payloads =
      new Payloads(store, new ObjectMapper(), Clock.systemUTC(), 16L * PART);

  /** A JSON string of this size. */
  private static byte[] json(int bytes) {
    return ("\"" + "x".repeat(bytes - 2) + "\"").getBytes(StandardCharsets.UTF_8);
  }

  private static InputStream from(byte[] json, long offset) {
    return new ByteArrayInputStream(json, (int) offset, json.length - (int) offset);
  }

  private byte[] stored(int bytes) throws IOException {
    try (InputStream in = payloads.open(ID, bytes)) {
      return in.readAllBytes();
    }
  }

  @Test
  void continuesAfterFullParts() throws IOException {
    byte[] json = json(3 * PART + 10);
    assertThatThrownBy(
            () ->
                payloads.receive(ID, OWNER, 0, new Interrupted(Arrays.copyOf(json, 2 * PART + 5))))
        .isInstanceOf(UncheckedIOException.class);

    long kept = payloads.resumableAt(ID);
    assertThat(kept).isEqualTo(2 * PART);
    assertThat(payloads.isComplete(ID, json.length).toCompletableFuture().join()).isFalse();
    assertThat(payloads.receive(ID, OWNER, kept, from(json, kept))).isEqualTo(json.length);

    assertThat(payloads.isComplete(ID, json.length).toCompletableFuture().join()).isTrue();
    assertThat(stored(json.length)).isEqualTo(json);
  }

  @Test
  void receivesLastPartAgainIfResponseWasLost() throws IOException {
    byte[] json = json(3 * PART);
    payloads.receive(ID, OWNER, 0, from(json, 0));

    long kept = payloads.resumableAt(ID);
    assertThat(kept).isEqualTo(2 * PART);
    payloads.receive(ID, OWNER, kept, from(json, kept));

    assertThat(payloads.isComplete(ID, json.length).toCompletableFuture().join()).isTrue();
    assertThat(stored(json.length)).isEqualTo(json);
    assertThat(store.find(ID, 3).toCompletableFuture().join()).as("a part too many").isEmpty();
  }

  @Test
  void rejectsOffsetBeyondFullParts() {
    byte[] json = json(3 * PART);
    payloads.receive(ID, OWNER, 0, from(json, 0));

    assertThatThrownBy(() -> payloads.receive(ID, OWNER, 3 * PART, from(json, 3 * PART)))
        .isInstanceOfSatisfying(
            WrongOffset.class, wrong -> assertThat(wrong.expected()).isEqualTo(2 * PART));
  }

  /** A connection that is lost after these bytes. */
  private static final class Interrupted extends ByteArrayInputStream {
    Interrupted(byte[] bytes) {
      super(bytes);
    }

    @Override
    public synchronized int read(byte[] into, int offset, int length) {
      int count = super.read(into, offset, length);
      if (count < 0) {
        throw new UncheckedIOException(new IOException("connection lost"));
      }
      return count;
    }
  }
}
