package dev.docket.service;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.docket.task.TaskKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The name of a service in URLs: {@code [a-z0-9_-]{1,64}}. The task key of the service is the slug
 * in upper case, so each task key has exactly one slug.
 */
public record ServiceSlug(@JsonValue String value) implements Comparable<ServiceSlug> {

  private static final Pattern ALLOWED = Pattern.compile("[a-z0-9_-]{1,64}");

  /** The namespace of the ids, a random UUID. Must never change: ids are stored and shown. */
  private static final UUID NAMESPACE = UUID.fromString("5f1c7a0e-0c53-4c39-9a57-3f0b1c7e2d84");

  private static final int UUID_VERSION = 0x50;
  private static final int UUID_VARIANT = 0x80;

  public ServiceSlug {
    if (!ALLOWED.matcher(Objects.requireNonNull(value, "value")).matches()) {
      throw new IllegalArgumentException("must be 1 to 64 characters of a-z 0-9 _ -");
    }
  }

  /**
   * Parses a slug.
   *
   * @throws IllegalArgumentException if it is malformed; the message says what is allowed
   */
  @JsonCreator
  public static ServiceSlug fromString(String text) {
    return new ServiceSlug(text);
  }

  /** The slug of the service of a task key. */
  public static ServiceSlug of(TaskKey key) {
    return new ServiceSlug(key.value().toLowerCase(Locale.ROOT));
  }

  /** The task key of the service. */
  public TaskKey key() {
    return new TaskKey(value);
  }

  /** The id of the service: a UUID of version 5, so that a slug has one id on all servers. */
  public UUID id() {
    MessageDigest sha1 = sha1();
    sha1.update(
        ByteBuffer.allocate(16)
            .putLong(NAMESPACE.getMostSignificantBits())
            .putLong(NAMESPACE.getLeastSignificantBits())
            .flip());
    byte[] hash = sha1.digest(value.getBytes(StandardCharsets.US_ASCII));
    hash[6] = (byte) ((hash[6] & 0x0F) | UUID_VERSION);
    hash[8] = (byte) ((hash[8] & 0x3F) | UUID_VARIANT);
    ByteBuffer bytes = ByteBuffer.wrap(hash);
    return new UUID(bytes.getLong(), bytes.getLong());
  }

  private static MessageDigest sha1() {
    try {
      // RFC 9562 requires SHA-1. Nothing depends on its strength: slugs are not secret.
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  @Override
  public int compareTo(ServiceSlug other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
