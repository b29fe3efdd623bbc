package dev.docket.document;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Identifies a document: {@code [A-Za-z0-9_-]{1,128}}. The id is derived from target and creator,
 * so the same pair has the same id in every installation, and in DANE.
 */
public record DocumentId(@JsonValue String value) {

  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  public DocumentId {
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
  public static DocumentId fromString(String text) {
    return new DocumentId(text);
  }

  /** The id that DANE gives the pair: the SHA-1 of both ids, concatenated, in hex. */
  public static DocumentId of(Target target, Creator creator) {
    return new DocumentId(sha1(target.id() + creator.id()));
  }

  /**
   * The id of a pair whose {@linkplain #of first id} is taken by another pair: {@code ab} and
   * {@code c} have the first id of {@code a} and {@code bc}.
   */
  public static DocumentId second(Target target, Creator creator) {
    return new DocumentId(sha1(target.id() + '\0' + creator.id()));
  }

  private static String sha1(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-1 is not available", e);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
