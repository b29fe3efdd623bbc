package dev.docket.auth.token;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.docket.auth.AccessRules;
import dev.docket.auth.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checks the claims of a token whose signature was verified, and reads the caller from them. Pure.
 */
final class ClaimReader {

  private static final int MAX_NAME_LENGTH = 256;

  private final TokenIssuer issuer;
  private final AccessRules rules;

  ClaimReader(TokenIssuer issuer, AccessRules rules) {
    this.issuer = issuer;
    this.rules = rules;
  }

  /** The token is not accepted. The message is for its sender, who has a genuine token. */
  static final class InvalidClaim extends Exception {
    private static final long serialVersionUID = 1;

    InvalidClaim(String message) {
      super(message);
    }
  }

  /**
   * Reads the caller.
   *
   * @throws InvalidClaim if the token is not valid now, or not for this server, or names no caller
   */
  Caller caller(JWTClaimsSet claims, Instant now) throws InvalidClaim {
    checkTimes(claims, now);
    if (!claims.getAudience().contains(issuer.audience())) {
      throw new InvalidClaim("the token is for another audience");
    }
    String name = text(claims, issuer.claims().name());
    if (name == null) {
      throw new InvalidClaim("the token has no claim " + issuer.claims().name());
    }
    checkName(issuer.claims().name(), name);
    if (name.equals(Caller.ANONYMOUS.name())) {
      throw new InvalidClaim("the claim " + issuer.claims().name() + " must not be " + name);
    }
    return rules.caller(name, group(claims), roles(claims), null);
  }

  private void checkTimes(JWTClaimsSet claims, Instant now) throws InvalidClaim {
    Duration leeway = issuer.leeway();
    @Nullable Date expiry = claims.getExpirationTime();
    if (expiry == null) {
      throw new InvalidClaim("the token has no expiry (claim exp)");
    }
    if (!now.isBefore(expiry.toInstant().plus(leeway))) {
      throw new InvalidClaim("the token has expired");
    }
    @Nullable Date notBefore = claims.getNotBeforeTime();
    if (notBefore != null && now.isBefore(notBefore.toInstant().minus(leeway))) {
      throw new InvalidClaim("the token is not valid yet");
    }
  }

  private @Nullable String group(JWTClaimsSet claims) throws InvalidClaim {
    String claim = issuer.claims().group();
    String group = claim == null ? null : text(claims, claim);
    if (claim != null && group != null) {
      checkName(claim, group);
    }
    return group;
  }

  private Set<String> roles(JWTClaimsSet claims) {
    String claim = issuer.claims().roles();
    Set<String> roles =
        claim == null
            ? Set.of()
            : texts(find(claims, claim))
                .filter(issuer.claims().roleOf()::containsKey)
                .map(issuer.claims().roleOf()::get)
                .collect(Collectors.toUnmodifiableSet());
    return roles.isEmpty() ? issuer.claims().defaultRoles() : roles;
  }

  /** The texts of a list, or the words of a text. */
  private static Stream<String> texts(@Nullable Object value) {
    if (value instanceof String words) {
      return Stream.of(words.split(" ", -1));
    }
    return value instanceof Collection<?> list
        ? list.stream().filter(String.class::isInstance).map(String.class::cast)
        : Stream.empty();
  }

  private static @Nullable String text(JWTClaimsSet claims, String claim) throws InvalidClaim {
    Object value = find(claims, claim);
    if (value instanceof List<?> list && list.size() == 1) {
      value = list.get(0);
    }
    if (value != null && !(value instanceof String)) {
      throw new InvalidClaim("the claim " + claim + " must be one text");
    }
    return (String) value;
  }

  /** The value of a claim, or of a member of a claim that is an object ({@code claim.member}). */
  private static @Nullable Object find(JWTClaimsSet claims, String claim) {
    Map<String, Object> all = claims.getClaims();
    if (all.containsKey(claim)) {
      return all.get(claim);
    }
    Object value = all;
    for (String member : claim.split("\\.", -1)) {
      value = value instanceof Map<?, ?> object ? object.get(member) : null;
    }
    return value;
  }

  private static void checkName(String claim, String name) throws InvalidClaim {
    boolean allowed =
        !name.isBlank()
            && name.equals(name.strip())
            // The server's own names, such as (command line).
            && !name.startsWith("(")
            && name.codePointCount(0, name.length()) <= MAX_NAME_LENGTH
            && name.codePoints().allMatch(ClaimReader::isVisible);
    if (!allowed) {
      throw new InvalidClaim(
          "the claim %s must be 1 to %d characters, without control characters, space at the ends, or ( at the start"
              .formatted(claim, MAX_NAME_LENGTH));
    }
  }

  /** Rejects characters that would forge or hide text where names are shown. */
  private static boolean isVisible(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
