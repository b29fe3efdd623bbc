package dev.docket.auth;

import dev.docket.auth.http.Authenticator;
import dev.docket.auth.http.CredentialForm;
import dev.docket.auth.key.ApiKey;
import dev.docket.auth.key.ConfiguredKeys;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Authenticators of tests. */
public final class TestKeys {

  private TestKeys() {}

  /** An authenticator that knows these keys; without any, it requires none. */
  public static Authenticator authenticator(ApiKey... keys) {
    return new Authenticator(
        false,
        Set.of(CredentialForm.BEARER, CredentialForm.BASIC),
        List.of(new ConfiguredKeys(List.of(keys), new AccessRules(Map.of()), Clock.systemUTC())));
  }
}
