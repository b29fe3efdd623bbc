package dev.docket.http.idempotency;

import dev.docket.http.InvalidRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * By which a caller knows his request again: sent once more with the same body it makes nothing
 * new, and is answered as before. What was made under it keeps its hash, so it holds as long as
 * that is there, and in all servers.
 *
 * @param caller whose it is; another's key of the same text is another key
 * @param key as he sent it
 * @param place of the item in a batch, empty for a request that asks for one thing
 */
public record IdempotencyKey(String caller, String key, String place) {

  /** The header that it is sent in. */
  public static final String HEADER = "Idempotency-Key";

  private static final Pattern ALLOWED = Pattern.compile("[\\x21-\\x7E]{1,255}");

  /**
   * Reads the header.
   *
   * @param values all that was sent in it
   * @throws InvalidRequest naming the header
   */
  public static Optional<IdempotencyKey> read(String caller, List<String> values) {
    if (values.isEmpty()) {
      return Optional.empty();
    }
    if (values.size() > 1 || !ALLOWED.matcher(values.get(0)).matches()) {
      throw InvalidRequest.field(
          HEADER, "must be sent once, with 1 to 255 visible ASCII characters");
    }
    return Optional.of(new IdempotencyKey(caller, values.get(0), ""));
  }

  /** For an item of a batch, or a part of an item. */
  public IdempotencyKey at(int index) {
    return new IdempotencyKey(caller, key, place + "/" + index);
  }

  /** What is kept of it, and of what was asked for, in the record that is made. */
  public CreationKey asking(Object item) {
    return new CreationKey(request(), Fingerprint.of(item));
  }

  /** An id that follows from it. */
  public UUID id() {
    return UUID.nameUUIDFromBytes(request().getBytes(StandardCharsets.US_ASCII));
  }

  private String request() {
    // None of the three has a NUL in it, so no two are taken for one another.
    return Fingerprint.sha256(caller + '\0' + key + '\0' + place);
  }
}
