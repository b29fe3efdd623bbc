package dev.docket.auth;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The configured API keys. A client sends its key as a bearer token (RFC 6750), or as the password
 * of basic authentication (RFC 7617) with any user name, if it supports nothing else. Thread-safe.
 */
public final class ApiKeys {

  private static final String BEARER = "Bearer ";
  private static final String BASIC = "Basic ";

  private final Map<String, Caller> callersByHash;

  public ApiKeys(List<ApiKey> keys) {
    callersByHash =
        keys.stream()
            .collect(Collectors.toMap(ApiKey::sha256, key -> new Caller(key.name(), key.roles())));
  }

  /** Whether callers need a key; if not, each request is that of {@link Caller#ANONYMOUS}. */
  public boolean areRequired() {
    return !callersByHash.isEmpty();
  }

  /**
   * The caller of a request with this {@code Authorization} header; empty if a key is required, and
   * the header has none that is known.
   */
  public Optional<Caller> caller(@Nullable String authorization) {
    if (!areRequired()) {
      return Optional.of(Caller.ANONYMOUS);
    }
    // The time of the lookup can reveal at most a prefix of a hash, and a caller cannot choose the
    // hash of a key.
    return key(authorization).map(key -> callersByHash.get(ApiKey.hash(key)));
  }

  private static Optional<String> key(@Nullable String authorization) {
    if (authorization == null) {
      return Optional.empty();
    }
    if (authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return Optional.of(authorization.substring(BEARER.length()).strip());
    }
    if (authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return password(authorization.substring(BASIC.length()).strip());
    }
    return Optional.empty();
  }

  private static Optional<String> password(String base64) {
    byte[] decoded;
    try {
      decoded = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException invalid) {
      return Optional.empty();
    }
    String credentials = new String(decoded, StandardCharsets.UTF_8);
    int colon = credentials.indexOf(':');
    return colon < 0 ? Optional.empty() : Optional.of(credentials.substring(colon + 1));
  }
}
