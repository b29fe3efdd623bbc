package dev.docket.dialect.dane.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.http.PayloadTooLarge;
import dev.docket.http.ServerBusy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SpooledBodyTest {

  private static final long MAX_BYTES = 1 << 20;

  @TempDir private Path directory;

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  private static byte[] all(SpooledBody body, long from, long to) throws IOException {
    try (InputStream section = body.open(from, to)) {
      return section.readAllBytes();
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0,
        1,
        SpooledBody.MAX_MEMORY_BYTES,
        SpooledBody.MAX_MEMORY_BYTES + 1,
        (int) MAX_BYTES
      })
  void canBeReadSeveralTimes(int size) throws Exception {
    byte[] sent = bytes(size);
    try (SpooledBody body =
        SpooledBody.read(new ByteArrayInputStream(sent), MAX_BYTES, directory)) {
      assertThat(body.size()).isEqualTo(size);
      assertThat(body.sha256()).isEqualTo(MessageDigest.getInstance("SHA-256").digest(sent));
      assertThat(all(body, 0, size)).isEqualTo(sent);
      assertThat(all(body, 0, size)).isEqualTo(sent);
      if (size > 10) {
        assertThat(all(body, size - 7, size - 3))
            .containsExactly(sent[size - 7], sent[size - 6], sent[size - 5], sent[size - 4]);
      }
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void leavesNothingIfBodyIsTooLarge() throws IOException {
    InputStream sent = new ByteArrayInputStream(bytes((int) MAX_BYTES + 1_000));

    assertThatThrownBy(() -> SpooledBody.read(sent, MAX_BYTES, directory))
        .isInstanceOf(PayloadTooLarge.class)
        .hasMessageContaining("1048576 bytes");

    assertThat(sent.read()).as("the rest was discarded").isEqualTo(-1);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void leavesNothingIfClientGoesAway() {
    InputStream gone =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("connection reset");
          }

          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            throw new IOException("connection reset");
          }
        };
    InputStream sent = new SequenceInputStream(new ByteArrayInputStream(bytes(500_000)), gone);

    assertThatThrownBy(() -> SpooledBody.read(sent, MAX_BYTES, directory))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("connection reset");

    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void needsNoFileForSmallBody() throws IOException {
    Path missing = directory.resolve("missing");
    byte[] small = bytes(SpooledBody.MAX_MEMORY_BYTES);
    try (SpooledBody body = SpooledBody.read(new ByteArrayInputStream(small), MAX_BYTES, missing)) {
      assertThat(all(body, 0, body.size())).isEqualTo(small);
    }
    byte[] large = bytes(SpooledBody.MAX_MEMORY_BYTES + 1);
    assertThatThrownBy(() -> SpooledBody.read(new ByteArrayInputStream(large), MAX_BYTES, missing))
        .isInstanceOf(ServerBusy.class)
        .hasMessageContaining("no room");
  }
}
