package dev.docket.auth;

import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;

/**
 * An API key as the configuration holds it: its hash, never itself. A key is 256 random bits, so a
 * plain SHA-256 is enough: there is nothing to guess.
 *
 * @param name whose it is; what {@code submitted_by} says
 * @param sha256 the key's SHA-256 in hex
 * @param roles what he may do
 */
public record ApiKey(
    @NotNull
        @Pattern(
            regexp = "[A-Za-z0-9_.@-]{1,128}",
            message = "must be 1 to 128 of A-Z a-z 0-9 _ . @ -")
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

  /** A new key: what the client sends as its bearer token. */
  public static String random() {
    byte[] bits = new byte[32];
    new SecureRandom().nextBytes(bits);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
  }

  /** The hash of a key, as the configuration wants it. */
  public static String hash(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
