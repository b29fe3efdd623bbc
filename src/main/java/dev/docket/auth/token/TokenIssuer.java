package dev.docket.auth.token;

import com.nimbusds.jose.JWSAlgorithm;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An issuer whose tokens are accepted, and what its claims mean.
 *
 * @param name the claim {@code iss} of its tokens
 * @param audience a value that the claim {@code aud} must contain
 * @param algorithms the only accepted signature algorithms
 * @param keys where the keys come from; excludes algorithms of the other kind
 * @param leeway how far the clocks of issuer and server may differ
 */
public record TokenIssuer(
    String name,
    String audience,
    Set<JWSAlgorithm> algorithms,
    Keys keys,
    Duration leeway,
    Claims claims) {

  /** The algorithms for which the JDK has an implementation. */
  private static final Set<JWSAlgorithm> ASYMMETRIC =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  /** The smallest secret of each algorithm, in bytes: as long as its hash (RFC 7518). */
  private static final Map<JWSAlgorithm, Integer> HMAC =
      Map.of(JWSAlgorithm.HS256, 32, JWSAlgorithm.HS384, 48, JWSAlgorithm.HS512, 64);

  private static final Pattern BASE64 =
      Pattern.compile("(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?");

  /** Where the keys of an issuer come from. */
  public sealed interface Keys {}

  /**
   * A secret that issuer and server share.
   *
   * @param base64 the secret, encoded
   */
  public record SharedSecret(String base64) implements Keys {

    /**
     * @throws IllegalArgumentException if it is not base64; the message does not contain it
     */
    public SharedSecret {
      if (!BASE64.matcher(base64).matches()) {
        throw new IllegalArgumentException("secret must be base64");
      }
    }

    /** The secret itself. */
    byte[] bytes() {
      return Base64.getDecoder().decode(base64);
    }

    /** Omits the secret. */
    @Override
    public String toString() {
      return "[REDACTED]";
    }
  }

  /** A JSON Web Key Set with the issuer's public keys. */
  public record KeySet(URI uri, Duration refresh) implements Keys {}

  /**
   * What the claims mean.
   *
   * @param name the claim with the name of the caller
   * @param roles the claim with roles; null if roles do not come from a claim
   * @param roleOf the role for each value of that claim; other values have no role
   * @param defaultRoles the roles of a token without any of these values
   * @param group the claim with the caller's group; null if it has none
   */
  public record Claims(
      String name,
      @Nullable String roles,
      Map<String, String> roleOf,
      Set<String> defaultRoles,
      @Nullable String group) {

    public Claims {
      roleOf = Map.copyOf(roleOf);
      defaultRoles = Set.copyOf(defaultRoles);
    }
  }

  /**
   * @throws IllegalArgumentException if an algorithm does not fit the keys, or the secret is too
   *     short for it
   */
  public TokenIssuer {
    algorithms = Set.copyOf(algorithms);
    if (algorithms.isEmpty()) {
      throw new IllegalArgumentException("algorithms must name at least one");
    }
    Set<JWSAlgorithm> possible = keys instanceof SharedSecret ? HMAC.keySet() : ASYMMETRIC;
    for (JWSAlgorithm algorithm : algorithms) {
      if (!possible.contains(algorithm)) {
        throw new IllegalArgumentException(
            "algorithms must be some of %s with %s (was %s)"
                .formatted(
                    String.join(", ", names(possible)),
                    keys instanceof SharedSecret ? "secret" : "jwksUrl",
                    algorithm));
      }
      if (keys instanceof SharedSecret secret
          && secret.bytes().length < HMAC.getOrDefault(algorithm, 0)) {
        throw new IllegalArgumentException(
            "secret must have at least %d bytes for %s (has %d)"
                .formatted(HMAC.get(algorithm), algorithm, secret.bytes().length));
      }
    }
  }

  private static Set<String> names(Set<JWSAlgorithm> algorithms) {
    Set<String> names = new TreeSet<>();
    algorithms.forEach(algorithm -> names.add(algorithm.getName()));
    return names;
  }
}
