package dev.docket.document;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.docket.http.idempotency.Fingerprint;
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
    return new DocumentId(Fingerprint.sha1(target.id() + creator.id()));
  }

  /**
   * The id of a pair whose {@linkplain #of first id} is taken by another pair: {@code ab} and
   * {@code c} have the first id of {@code a} and {@code bc}.
   */
  public static DocumentId second(Target target, Creator creator) {
    return new DocumentId(Fingerprint.sha1(target.id() + '\0' + creator.id()));
  }

  @Override
  public String toString() {
    return value;
  }
}
