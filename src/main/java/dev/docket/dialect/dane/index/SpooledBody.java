package dev.docket.dialect.dane.index;

import dev.docket.http.PayloadTooLarge;
import dev.docket.http.ServerBusy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request body that can be read several times. A large one is kept in a temporary file, which the
 * system deletes when the body is closed or the server ends.
 */
final class SpooledBody implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(SpooledBody.class);

  /** Bodies up to this size are kept in memory. */
  static final int MAX_MEMORY_BYTES = 256 * 1024;

  private static final int CHUNK_BYTES = 16 * 1024;

  /**
   * How much of a body is read and discarded that exceeds the limit. Many clients send the whole
   * body before they read a response, and would only see that the connection breaks.
   */
  private static final long MAX_DISCARDED_BYTES = 64L << 20;

  private final Path directory;
  private final MessageDigest digest = sha256Digest();
  private ByteArrayOutputStream memory = new ByteArrayOutputStream();
  private byte[] inMemory = {};
  private byte[] sha256 = {};
  private @Nullable FileChannel file;
  private long size;

  private SpooledBody(Path directory) {
    this.directory = directory;
  }

  static MessageDigest sha256Digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Reads a body to its end.
   *
   * @param directory where the temporary file is created
   * @throws PayloadTooLarge if the body has more bytes
   * @throws ServerBusy if the file cannot be written
   * @throws UncheckedIOException if the client goes away
   */
  static SpooledBody read(InputStream body, long maxBytes, Path directory) {
    SpooledBody spooled = new SpooledBody(directory);
    boolean complete = false;
    try {
      spooled.readAll(body, maxBytes);
      complete = true;
      return spooled;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (!complete) {
        spooled.close();
      }
    }
  }

  private void readAll(InputStream body, long maxBytes) throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
      if (size + count > maxBytes) {
        close();
        discard(body, chunk);
        throw new PayloadTooLarge("the body must be at most " + maxBytes + " bytes");
      }
      digest.update(chunk, 0, count);
      append(chunk, count);
      size += count;
    }
    sha256 = digest.digest();
    inMemory = memory.toByteArray();
    memory = new ByteArrayOutputStream(0);
  }

  private static void discard(InputStream body, byte[] chunk) throws IOException {
    int count = 0;
    for (long total = 0; count >= 0 && total < MAX_DISCARDED_BYTES; total += count) {
      count = body.read(chunk);
    }
  }

  private void append(byte[] chunk, int count) {
    if (file == null && size + count <= MAX_MEMORY_BYTES) {
      memory.write(chunk, 0, count);
      return;
    }
    try {
      if (file == null) {
        file = open(directory);
        write(file, memory.toByteArray(), memory.size());
        memory = new ByteArrayOutputStream(0);
      }
      write(file, chunk, count);
    } catch (IOException e) {
      LOG.error(
          "Cannot write a large request body to {}; rejected the request: {}", directory, e + "");
      throw new ServerBusy("the server has no room for a large request body; try again later");
    }
  }

  private static FileChannel open(Path directory) throws IOException {
    Path path = Files.createTempFile(directory, "docket-", ".body");
    try {
      return FileChannel.open(
          path,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          StandardOpenOption.DELETE_ON_CLOSE);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  private static void write(FileChannel file, byte[] bytes, int count) throws IOException {
    ByteBuffer remaining = ByteBuffer.wrap(bytes, 0, count);
    while (remaining.hasRemaining()) {
      file.write(remaining);
    }
  }

  /** The size in bytes. */
  long size() {
    return size;
  }

  /** The SHA-256 of the body. */
  byte[] sha256() {
    return sha256.clone();
  }

  /** Reads a section of the body. */
  InputStream open(long from, long to) {
    return file == null
        ? new ByteArrayInputStream(inMemory, (int) from, (int) (to - from))
        : new Section(file, from, to);
  }

  /** Deletes the body. */
  @Override
  public void close() {
    if (file == null) {
      return;
    }
    try {
      file.close();
    } catch (IOException e) {
      LOG.warn("Cannot delete a temporary file in {}", directory, e);
    }
  }

  private static final class Section extends InputStream {

    private final FileChannel file;
    private final long to;
    private long position;

    Section(FileChannel file, long from, long to) {
      this.file = file;
      this.position = from;
      this.to = to;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (position >= to) {
        return -1;
      }
      int requested = (int) Math.min(length, to - position);
      int count = file.read(ByteBuffer.wrap(into, offset, requested), position);
      if (count < 0) {
        throw new IOException("the temporary file was truncated");
      }
      position += count;
      return count;
    }
  }
}
