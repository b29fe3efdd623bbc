package dev.docket.apidocs;

import dev.docket.http.EntityTags;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** A static file that the server serves unchanged. */
final class Asset {

  private final byte[] bytes;
  private final String mediaType;
  private final String digest;

  Asset(byte[] bytes, String mediaType) {
    this.bytes = bytes.clone();
    this.mediaType = mediaType;
    this.digest = digest(bytes);
  }

  /**
   * Reads a file from the class path.
   *
   * @throws IllegalStateException if it is missing, which means that the server's jar is incomplete
   */
  static byte[] read(String resource) {
    try (InputStream in = Asset.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is not on the class path");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] bytes() {
    return bytes.clone();
  }

  String mediaType() {
    return mediaType;
  }

  /** The entity tag, a hash of the content. */
  String tag() {
    return '"' + digest + '"';
  }

  /** Whether the tag is among the tags of an {@code If-None-Match}. */
  boolean isKnown(Optional<EntityTags> tags) {
    return tags.filter(known -> known.match(tag())).isPresent();
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(Arrays.copyOf(hash, 10));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is not available", e);
    }
  }
}
