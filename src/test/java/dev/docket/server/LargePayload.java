package dev.docket.server;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A payload that is generated while it is read, so that many of them need no memory. Compact JSON
 * with a text that hardly compresses.
 *
 * @param name the same name gives the same payload
 * @param bytes the exact size
 */
record LargePayload(String name, int bytes) {

  private static final byte[] LETTERS =
      ascii("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_");

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  InputStream open() {
    byte[] start = ascii("{\"name\":\"" + name + "\",\"text\":\"");
    byte[] end = ascii("\"}");
    return new SequenceInputStream(
        Collections.enumeration(
            List.of(
                new ByteArrayInputStream(start),
                new Letters(name.hashCode(), bytes - start.length - end.length),
                new ByteArrayInputStream(end))));
  }

  InputStream openFrom(long offset) {
    InputStream all = open();
    try {
      all.skipNBytes(offset);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  String sha256() throws IOException {
    return sha256(open());
  }

  /** The digest of all bytes of a stream, which this method closes. */
  static String sha256(InputStream in) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    try (DigestInputStream all = new DigestInputStream(in, digest)) {
      all.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Random letters. */
  private static final class Letters extends InputStream {
    private final SplittableRandom random;
    private int remaining;

    Letters(long seed, int count) {
      this.random = new SplittableRandom(seed);
      this.remaining = count;
    }

    @Override
    public int read() {
      return remaining-- > 0 ? LETTERS[random.nextInt(LETTERS.length)] : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (remaining <= 0) {
        return length == 0 ? 0 : -1;
      }
      int count = Math.min(length, remaining);
      for (int i = 0; i < count; i++) {
        into[offset + i] = (byte) read();
      }
      return count;
    }
  }
}
