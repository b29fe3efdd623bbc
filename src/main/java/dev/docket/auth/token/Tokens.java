package dev.docket.auth.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.docket.auth.AccessRules;
import dev.docket.auth.Authentication;
import dev.docket.auth.CredentialSource;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JSON Web Tokens of the configured issuers. The issuer decides the algorithms and the keys; a
 * token cannot choose others. Says what is wrong with a token only if its signature is right.
 */
public final class Tokens implements CredentialSource {

  /** Interval of {@link #tick}. */
  public static final Duration INTERVAL = Duration.ofSeconds(1);

  static final int MAX_LENGTH = 8_192;

  /** Why a token is rejected that was not signed by one of the issuers. */
  static final String NOT_ACCEPTED = "the token is not accepted";

  private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);

  private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(5);

  /** Three parts in base64url, of which the first begins with an opening brace. */
  private static final Pattern TOKEN =
      Pattern.compile("eyJ[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]*");

  /** The types of tokens for access; other types, such as logout tokens, have another purpose. */
  private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

  private final Map<String, Issuer> issuers = new LinkedHashMap<>();
  private final Clock clock;

  private record Issuer(TokenIssuer settings, KeyLookup keys, ClaimReader reader) {}

  /**
   * @throws IllegalArgumentException if two issuers have the same name
   */
  public Tokens(List<TokenIssuer> issuers, AccessRules rules, Clock clock) {
    this(issuers, rules, clock, new KeySetClient(FETCH_TIMEOUT), System::nanoTime);
  }

  Tokens(
      List<TokenIssuer> issuers,
      AccessRules rules,
      Clock clock,
      KeySetClient client,
      LongSupplier nanos) {
    this.clock = clock;
    for (TokenIssuer issuer : issuers) {
      KeyLookup keys =
          issuer.keys() instanceof TokenIssuer.KeySet set
              ? new FetchedKeys(issuer.name(), set, client::fetch, nanos)
              : new SharedSecretKey((TokenIssuer.SharedSecret) issuer.keys());
      Issuer before =
          this.issuers.put(issuer.name(), new Issuer(issuer, keys, new ClaimReader(issuer, rules)));
      if (before != null) {
        throw new IllegalArgumentException("two issuers have the name " + issuer.name());
      }
    }
  }

  /** Fetches the keys of issuers if that is due. Never blocks. */
  public void tick() {
    for (Issuer issuer : issuers.values()) {
      if (issuer.keys() instanceof FetchedKeys keys) {
        keys.tick();
      }
    }
  }

  @Override
  public boolean requiresCredentials() {
    return !issuers.isEmpty();
  }

  @Override
  public Optional<Authentication> authenticate(String credential) {
    return issuers.isEmpty() || !TOKEN.matcher(credential).matches()
        ? Optional.empty()
        : Optional.of(authenticate(credential, true));
  }

  private Authentication authenticate(String text, boolean mayFetch) {
    if (text.length() > MAX_LENGTH) {
      return new Authentication.Rejected(
          "the token is longer than %d characters".formatted(MAX_LENGTH));
    }
    SignedJWT token;
    JWTClaimsSet claims;
    try {
      token = SignedJWT.parse(text);
      claims = token.getJWTClaimsSet();
    } catch (ParseException malformed) {
      return rejected("it is malformed");
    }
    Issuer issuer = claims.getIssuer() == null ? null : issuers.get(claims.getIssuer());
    if (issuer == null) {
      return rejected("its issuer is not configured");
    }
    JWSHeader header = token.getHeader();
    if (!issuer.settings().algorithms().contains(header.getAlgorithm())) {
      return rejected("its algorithm is not allowed");
    }
    if (!isAccessToken(header.getType())) {
      return rejected("its type is for another purpose");
    }
    KeyLookup.Found found = issuer.keys().find(header, mayFetch);
    if (found instanceof KeyLookup.Fetching fetching) {
      return new Authentication.Pending(
          fetching.fetched().thenApply(ignored -> authenticate(text, false)));
    }
    return found instanceof KeyLookup.Verifiers verifiers
        ? verified(token, claims, issuer, verifiers.candidates())
        : new Authentication.Unavailable(
            "the server cannot check the token, because the keys of its issuer cannot be fetched;"
                + " try again");
  }

  private Authentication verified(
      SignedJWT token, JWTClaimsSet claims, Issuer issuer, List<JWSVerifier> candidates) {
    if (candidates.isEmpty()) {
      return rejected("its key is unknown");
    }
    for (JWSVerifier verifier : candidates) {
      if (isSignedBy(verifier, token)) {
        try {
          return new Authentication.Accepted(issuer.reader().caller(claims, clock.instant()));
        } catch (ClaimReader.InvalidClaim e) {
          return new Authentication.Rejected(String.valueOf(e.getMessage()));
        }
      }
    }
    return rejected("its signature is wrong");
  }

  private static boolean isSignedBy(JWSVerifier verifier, SignedJWT token) {
    try {
      return token.verify(verifier);
    } catch (JOSEException | IllegalStateException e) {
      LOG.debug("A token cannot be verified", e);
      return false;
    }
  }

  private static boolean isAccessToken(@Nullable JOSEObjectType type) {
    return type == null || TYPES.contains(type.getType().toLowerCase(Locale.ROOT));
  }

  /** The reason is for the operator only. */
  private static Authentication rejected(String reason) {
    LOG.debug("Rejected a token: {}", reason);
    return new Authentication.Rejected(NOT_ACCEPTED);
  }
}
