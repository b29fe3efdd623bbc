package dev.docket.auth.key;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.docket.http.idempotency.Fingerprint;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An API key in the configuration, which contains only its hash. A key is 256 random bits, so it
 * cannot be guessed and a plain SHA-256 suffices.
 *
 * @param name name of the caller, recorded in {@code submitted_by}
 * @param sha256 SHA-256 of the key, in hex
 * @param roles roles of the caller
 * @param group group of the caller; null if it has none
 * @param taskKeys the only task keys that the caller may use; null for all
 * @param expires when the key stops working; null for never
 */
public record ApiKey(
    @NotNull @Pattern(regexp = ApiKey.NAME, message = ApiKey.NAME_RULE) String name,
    @NotNull @Pattern(regexp = "[0-9a-f]{64}", message = "must be 64 lower-case hex digits")
        String sha256,
    @NotEmpty Set<@Pattern(regexp = ApiKey.ROLE, message = ApiKey.ROLE_RULE) String> roles,
    @Nullable @Pattern(regexp = ApiKey.NAME, message = ApiKey.NAME_RULE) String group,
    @Nullable @Size(min = 1, max = ApiKey.MAX_TASK_KEYS)
        Set<@Pattern(regexp = ApiKey.TASK_KEY, message = ApiKey.TASK_KEY_RULE) String> taskKeys,
    @Nullable Instant expires) {

  /** The names of callers and groups, as a regular expression. */
  public static final String NAME = "[A-Za-z0-9_.@-]{1,128}";

  /** What {@link #NAME} allows, for error messages. */
  public static final String NAME_RULE = "must be 1 to 128 characters of A-Z a-z 0-9 _ . @ -";

  static final String ROLE = "archivist|worker|analyst|admin";
  static final String ROLE_RULE = "must be one of archivist, worker, analyst, admin";

  /** The alphabet of task keys, without lower-case letters. */
  static final String TASK_KEY = "[A-Z0-9_-]{1,64}";

  static final String TASK_KEY_RULE = "must be 1 to 64 characters of A-Z 0-9 _ -";
  static final int MAX_TASK_KEYS = 1_000;

  @JsonCreator
  public ApiKey {}

  /** A key without limits. */
  public ApiKey(String name, String sha256, Set<String> roles) {
    this(name, sha256, roles, null, null, null);
  }

  /** Generates a key, which the client sends as its bearer token. */
  public static String random() {
    byte[] bits = new byte[32];
    new SecureRandom().nextBytes(bits);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
  }

  /** The hash of a key, in the form that the configuration expects. */
  public static String hash(String key) {
    return Fingerprint.sha256(key);
  }

  /** Identifies the key in lists, without its hash. */
  String id() {
    return "cfg_" + Fingerprint.sha256(name + " " + sha256).substring(0, 16);
  }

  boolean isExpired(Instant now) {
    return expires != null && !now.isBefore(expires);
  }
}
