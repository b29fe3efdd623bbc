package dev.docket.http.idempotency;

import dev.docket.http.Problem;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The form in which a record stores the {@link IdempotencyKey} that created it. Not shown to
 * readers.
 *
 * @param request hash of the caller, the key, and the position of the item in the request
 * @param body hash of the item's content
 */
public record CreationKey(String request, String body) {

  private static final Pattern TEXT = Pattern.compile("[0-9a-f]{64}\\.[0-9a-f]{64}");

  /**
   * Whether the same request created an existing record.
   *
   * @param stored the key of that record; null if it was created without one
   * @throws Problem if it was created under the same key with other content
   */
  public boolean matches(@Nullable CreationKey stored) {
    if (stored == null || !request.equals(stored.request)) {
      return false;
    }
    if (!body.equals(stored.body)) {
      throw new Problem(
          Problem.Kind.UNPROCESSABLE,
          IdempotencyKey.HEADER
              + ": this key was used with a different body; use a new key for a new request");
    }
    return true;
  }

  /** Both hashes in one string. */
  public String text() {
    return request + "." + body;
  }

  /** Parses {@link #text()}; empty for any other string. */
  public static Optional<CreationKey> ofText(String text) {
    return TEXT.matcher(text).matches()
        ? Optional.of(new CreationKey(text.substring(0, 64), text.substring(65)))
        : Optional.empty();
  }
}
