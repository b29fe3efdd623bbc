package dev.docket.auth;

import dev.docket.http.idempotency.Fingerprint;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/**
 * An API key in the configuration, which contains only its hash. A key is 256 random bits, so it
 * cannot be guessed and a plain SHA-256 suffices.
 *
 * @param name name of the caller, recorded in {@code submitted_by}
 * @param sha256 SHA-256 of the key, in hex
 * @param roles roles of the caller
 */
public record ApiKey(
    @NotNull
        @Pattern(
            regexp = ApiKey.NAME,
            message = "must be 1 to 128 characters of A-Z a-z 0-9 _ . @ -")
        String name,
    @NotNull @Pattern(regexp = "[0-9a-f]{64}", message = "must be 64 lower-case hex digits")
        String sha256,
    @NotEmpty
        Set<
                @Pattern(
                    regexp = "archivist|worker|analyst|admin",
                    message = "must be one of archivist, worker, analyst, admin")
                String>
            roles) {

  /** The names of callers, as a regular expression. */
  public static final String NAME = "[A-Za-z0-9_.@-]{1,128}";

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
}
