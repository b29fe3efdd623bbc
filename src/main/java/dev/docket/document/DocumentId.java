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
 * Names a document: {@code [A-Za-z0-9_-]{1,128}}. It follows from what the document is about, so
 * the same pair of target and creator has the same id in every installation, and in DANE.
 */
public record DocumentId(@JsonValue String value) {

  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  public DocumentId {
    Objects.requireNonNull(value, "value");
    if (!ALLOWED.matcher(value).matches()) {
      throw new IllegalArgumentException("must be 1 to 128 of A-Z a-z 0-9 _ -");
    }
  }

  /**
   * Reads an id.
   *
   * @throws IllegalArgumentException saying what is allowed
   */
  @JsonCreator
  public static DocumentId fromString(String text) {
    return new DocumentId(text);
  }

  /** The id that DANE gives the pair: the SHA-1 of both, one after the other, in hex. */
  public static DocumentId of(Target target, Creator creator) {
    return new DocumentId(sha1(target.id() + creator.id()));
  }

  /**
   * The id of a pair whose {@linkplain #of first one} is taken by another pair: {@code ab} and
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
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-1", impossible);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
