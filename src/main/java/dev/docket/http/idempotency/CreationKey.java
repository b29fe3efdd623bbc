package dev.docket.http.idempotency;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a record keeps of the {@link IdempotencyKey} that it was made under; readers do not see it.
 *
 * @param request the hash of who asked, his key, and the item's place in his request
 * @param body the hash of what he asked for
 */
public record CreationKey(String request, String body) {

  private static final Pattern TEXT = Pattern.compile("[0-9a-f]{64}\\.[0-9a-f]{64}");

  /**
   * Whether the record that is there was made by the very same request.
   *
   * @param there what that record keeps; null if it was made without a key
   * @throws IdempotencyKeyReused if it was made under the same key, but something else was asked
   *     for
   */
  public boolean isOf(@Nullable CreationKey there) {
    if (there == null || !request.equals(there.request)) {
      return false;
    }
    if (!body.equals(there.body)) {
      throw new IdempotencyKeyReused();
    }
    return true;
  }

  /** Both in one text. */
  public String text() {
    return request + "." + body;
  }

  /** Empty for another text. */
  public static Optional<CreationKey> ofText(String text) {
    return TEXT.matcher(text).matches()
        ? Optional.of(new CreationKey(text.substring(0, 64), text.substring(65)))
        : Optional.empty();
  }
}
