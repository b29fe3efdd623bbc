package dev.docket.auth.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/** Reads the key or the token from an {@code Authorization} header. */
final class Credentials {

  private static final String BEARER = "Bearer ";
  private static final String BASIC = "Basic ";

  private Credentials() {}

  /** The key or the token; empty if the header has none in one of these forms. */
  static Optional<String> read(String authorization, Set<CredentialForm> forms) {
    return parse(authorization, forms).filter(credential -> !credential.isEmpty());
  }

  private static Optional<String> parse(String authorization, Set<CredentialForm> forms) {
    if (startsWith(authorization, BEARER)) {
      return forms.contains(CredentialForm.BEARER)
          ? Optional.of(authorization.substring(BEARER.length()).strip())
          : Optional.empty();
    }
    if (startsWith(authorization, BASIC)) {
      return forms.contains(CredentialForm.BASIC)
          ? password(authorization.substring(BASIC.length()).strip())
          : Optional.empty();
    }
    String whole = authorization.strip();
    return forms.contains(CredentialForm.RAW) && whole.chars().noneMatch(Character::isWhitespace)
        ? Optional.of(whole)
        : Optional.empty();
  }

  private static boolean startsWith(String authorization, String scheme) {
    return authorization.regionMatches(true, 0, scheme, 0, scheme.length());
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
