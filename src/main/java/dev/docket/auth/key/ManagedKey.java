package dev.docket.auth.key;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.docket.http.idempotency.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The record of a managed key, which contains a salted hash of the secret and not the secret. The
 * secret is 256 random bits, so it cannot be guessed, and one round of SHA-256 suffices.
 *
 * @param id part of the key's text, so that the server finds the record
 * @param name name of the caller
 * @param group group of the caller; null if it has none
 * @param taskKeys the only task keys that the caller may use; null for all
 * @param createdBy name of the administrator who created the key
 * @param expiresAt when the key stops working; null for never
 * @param revokedAt null unless the key was revoked
 */
public record ManagedKey(
    String id,
    String name,
    String salt,
    String hash,
    Set<String> roles,
    @Nullable String group,
    @Nullable Set<String> taskKeys,
    Instant createdAt,
    String createdBy,
    @Nullable Instant expiresAt,
    @Nullable Instant revokedAt,
    @Nullable String revokedBy) {

  private static final Pattern TEXT = Pattern.compile("dk_([0-9a-f]{16})_([A-Za-z0-9_-]{43})");

  /** An id, as a regular expression. */
  static final String ID = "[0-9a-f]{16}";

  public ManagedKey {
    roles = Set.copyOf(roles);
    taskKeys = taskKeys == null ? null : Set.copyOf(taskKeys);
  }

  /** The two parts of a key's text. */
  record Parts(String id, String secret) {

    /** Splits the text of a key; empty if it is not that of a managed key. */
    static Optional<Parts> of(String text) {
      Matcher matcher = TEXT.matcher(text);
      return matcher.matches()
          ? Optional.of(new Parts(matcher.group(1), matcher.group(2)))
          : Optional.empty();
    }

    /** The text of the key, which the client sends. */
    String text() {
      return "dk_" + id + "_" + secret;
    }
  }

  /** The hash that a record contains. */
  static String hash(String salt, String secret) {
    return Fingerprint.sha256(salt + secret);
  }

  boolean matches(String secret) {
    return MessageDigest.isEqual(
        hash.getBytes(StandardCharsets.US_ASCII),
        hash(salt, secret).getBytes(StandardCharsets.US_ASCII));
  }

  @JsonIgnore
  boolean isActive(Instant now) {
    return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
  }

  ManagedKey revoked(Instant at, String by) {
    return new ManagedKey(
        id, name, salt, hash, roles, group, taskKeys, createdAt, createdBy, expiresAt, at, by);
  }

  /** Omits salt and hash. */
  @Override
  public String toString() {
    return "ManagedKey[" + id + ", " + name + "]";
  }
}
