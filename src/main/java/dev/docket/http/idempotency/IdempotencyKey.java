package dev.docket.http.idempotency;

import dev.docket.http.InvalidRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Makes a creating request idempotent: the same request sent again with the same key and body
 * creates nothing and gets the same response. Each record that is created under a key stores its
 * hash, so the key is valid on all servers for as long as the record exists.
 *
 * @param caller name of the caller; the same key of another caller is a different key
 * @param key the key as sent
 * @param position position of the item in a batch; empty for a request that creates one record
 */
public record IdempotencyKey(String caller, String key, String position) {

  /** The name of the header. */
  public static final String HEADER = "Idempotency-Key";

  private static final Pattern ALLOWED = Pattern.compile("[\\x21-\\x7E]{1,255}");

  /**
   * Reads the header.
   *
   * @param values all values of the header
   * @throws InvalidRequest that names the header, if the value is invalid
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

  /** The key of an item of a batch, or of a part of an item. */
  public IdempotencyKey forItem(int index) {
    return new IdempotencyKey(caller, key, position + "/" + index);
  }

  /** The form that is stored in the record created for an item. */
  public CreationKey creationKey(Object item) {
    return new CreationKey(request(), Fingerprint.of(item));
  }

  /** An id derived from the key. */
  public UUID id() {
    return UUID.nameUUIDFromBytes(request().getBytes(StandardCharsets.US_ASCII));
  }

  private String request() {
    // No part contains a NUL, so different keys have different texts.
    return Fingerprint.sha256(caller + '\0' + key + '\0' + position);
  }
}
