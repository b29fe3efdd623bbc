package dev.docket.logging;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of a configuration, in every form in which they can appear in a log: as they are,
 * percent-encoded, and as credentials of basic authentication. Not thread-safe.
 */
public final class ConfiguredSecrets {

  /** Shorter ones would redact ordinary text. */
  private static final int MIN_LENGTH = 4;

  /** The password of a new RabbitMQ, which everybody knows. */
  private static final String DEFAULT_PASSWORD = "guest";

  private final Set<String> forms = new LinkedHashSet<>();

  /** Adds a secret without a user name, such as an API key. */
  public void add(@Nullable String secret) {
    if (secret == null || secret.length() < MIN_LENGTH || secret.equals(DEFAULT_PASSWORD)) {
      return;
    }
    forms.add(secret);
    String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    forms.add(encoded);
    forms.add(encoded.replace("+", "%20"));
    forms.add(encoded.replace("+", "%20").toLowerCase(Locale.ROOT));
    forms.add(secret.replace("\\", "\\\\").replace("\"", "\\\""));
  }

  /** Adds a password. */
  public void add(@Nullable String user, @Nullable String password) {
    add(password);
    if (user == null || password == null || password.equals(DEFAULT_PASSWORD)) {
      return;
    }
    byte[] credentials = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    forms.add(Base64.getEncoder().withoutPadding().encodeToString(credentials));
    forms.add(Base64.getUrlEncoder().withoutPadding().encodeToString(credentials));
  }

  /** Adds the password of a URI of the form {@code scheme://user:password@host}, if it has one. */
  public void addUri(@Nullable String uri) {
    if (uri == null) {
      return;
    }
    int start = uri.indexOf("://") + 3;
    int end = uri.indexOf('/', start);
    int at = uri.lastIndexOf('@', end < 0 ? uri.length() : end);
    int colon = uri.indexOf(':', start);
    if (start < 3 || at < 0 || colon < 0 || colon > at) {
      return;
    }
    String password = uri.substring(colon + 1, at);
    add(password);
    add(decode(uri.substring(start, colon)), decode(password));
  }

  private static String decode(String text) {
    try {
      // A plus sign means itself in this part of a URI.
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      return text;
    }
  }

  /** All forms of all secrets. */
  public Collection<String> forms() {
    return Collections.unmodifiableSet(forms);
  }
}
