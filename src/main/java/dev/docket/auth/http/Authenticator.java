package dev.docket.auth.http;

import dev.docket.auth.Authentication;
import dev.docket.auth.Caller;
import dev.docket.auth.CredentialSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the caller of a request from its {@code Authorization} header. Never blocks, and is
 * thread-safe, so it can be asked before the body of a request is read.
 */
public final class Authenticator {

  /** Longer credentials are not looked at. */
  static final int MAX_LENGTH = 16_384;

  private static final Authentication ANONYMOUS = new Authentication.Accepted(Caller.ANONYMOUS);

  private final boolean required;
  private final Set<CredentialForm> forms;
  private final List<CredentialSource> sources;

  /**
   * Creates an authenticator.
   *
   * @param required whether requests need credentials even if no source requires them; if requests
   *     need none, each is that of {@link Caller#ANONYMOUS}
   * @param forms the accepted forms
   * @param sources asked in this order
   */
  public Authenticator(
      boolean required, Set<CredentialForm> forms, List<CredentialSource> sources) {
    this.required = required || sources.stream().anyMatch(CredentialSource::requiresCredentials);
    this.forms = Set.copyOf(forms);
    this.sources = List.copyOf(sources);
  }

  /** An authenticator that accepts a further form. */
  public Authenticator accepting(CredentialForm form) {
    Set<CredentialForm> more = EnumSet.of(form);
    more.addAll(forms);
    return new Authenticator(required, more, sources);
  }

  /** Whether requests need credentials. */
  public boolean isRequired() {
    return required;
  }

  /** Checks the credentials of a request with this header. */
  public Authentication authenticate(@Nullable String authorization) {
    if (!required) {
      return ANONYMOUS;
    }
    return authorization == null
        ? new Authentication.Rejected(missing())
        : Credentials.read(authorization, forms)
            .map(this::check)
            .orElseGet(() -> new Authentication.Rejected(missing()));
  }

  private String missing() {
    return "an API key or a token is required: send Authorization: Bearer <key>"
        + (forms.contains(CredentialForm.BASIC) ? ", or the key as the password of any user" : "");
  }

  private Authentication check(String credential) {
    if (credential.length() > MAX_LENGTH) {
      return new Authentication.Rejected(
          "the API key or token is longer than %d characters".formatted(MAX_LENGTH));
    }
    return sources.stream()
        .map(source -> source.authenticate(credential))
        .flatMap(Optional::stream)
        .findFirst()
        .orElseGet(() -> new Authentication.Rejected(CredentialSource.UNKNOWN_KEY));
  }
}
