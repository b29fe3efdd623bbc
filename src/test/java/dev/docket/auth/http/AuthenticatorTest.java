package dev.docket.auth.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.auth.AccessRules;
import dev.docket.auth.Authentication;
import dev.docket.auth.Caller;
import dev.docket.auth.SettableClock;
import dev.docket.auth.key.ApiKey;
import dev.docket.auth.key.ConfiguredKeys;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

final class AuthenticatorTest {

  private static final Set<CredentialForm> BEARER_AND_BASIC =
      Set.of(CredentialForm.BEARER, CredentialForm.BASIC);

  private static Authenticator authenticator(Set<CredentialForm> forms) {
    List<ApiKey> keys = List.of(new ApiKey("me", ApiKey.hash("s3cret:key"), Set.of("worker")));
    return new Authenticator(
        false,
        forms,
        List.of(new ConfiguredKeys(keys, new AccessRules(Map.of()), new SettableClock())));
  }

  private static String basic(String credentials) {
    return "Basic "
        + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }

  private static @Nullable String name(Authentication outcome) {
    return outcome instanceof Authentication.Accepted accepted ? accepted.caller().name() : null;
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer s3cret:key", "bearer   s3cret:key ", "BEARER s3cret:key"})
  void acceptsBearerToken(String header) {
    assertThat(name(authenticator(BEARER_AND_BASIC).authenticate(header))).isEqualTo("me");
  }

  @ParameterizedTest
  @ValueSource(strings = {"anyone:", ":"})
  void acceptsPasswordOfAnyUser(String user) {
    String header = basic(user + "s3cret:key");
    assertThat(name(authenticator(BEARER_AND_BASIC).authenticate(header))).isEqualTo("me");
    assertThat(name(authenticator(Set.of(CredentialForm.BEARER)).authenticate(header))).isNull();
  }

  @Test
  void acceptsRawKeyOnlyWhereSwitchedOn() {
    Authenticator own = authenticator(BEARER_AND_BASIC);
    Authenticator ofDialect = own.accepting(CredentialForm.RAW);

    assertThat(name(own.authenticate("s3cret:key"))).isNull();
    assertThat(name(ofDialect.authenticate("s3cret:key"))).isEqualTo("me");
    assertThat(name(ofDialect.authenticate("Bearer s3cret:key"))).isEqualTo("me");
    assertThat(name(ofDialect.authenticate(basic("u:s3cret:key")))).isEqualTo("me");
    assertThat(name(ofDialect.authenticate("Token s3cret:key"))).isNull();
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(
      strings = {
        "Bearer",
        "Bearer ",
        "Basic !",
        "Basic bm8tY29sb24=",
        "Basic dTo=",
        "Digest s3cret:key"
      })
  void saysThatKeyIsRequiredWithoutOne(@Nullable String header) {
    assertThat(authenticator(BEARER_AND_BASIC).authenticate(header))
        .isEqualTo(
            new Authentication.Rejected(
                "an API key or a token is required: send Authorization: Bearer <key>, or the key as"
                    + " the password of any user"));
    assertThat(authenticator(Set.of(CredentialForm.BEARER)).authenticate(header))
        .isEqualTo(
            new Authentication.Rejected(
                "an API key or a token is required: send Authorization: Bearer <key>"));
  }

  @Test
  void rejectsUnknownAndLongCredentials() {
    Authenticator authenticator = authenticator(BEARER_AND_BASIC);
    assertThat(authenticator.authenticate("Bearer other"))
        .isEqualTo(
            new Authentication.Rejected(
                "the API key is not accepted: it is unknown, expired or revoked"));
    assertThat(authenticator.authenticate("Bearer " + "x".repeat(16_385)))
        .isEqualTo(
            new Authentication.Rejected("the API key or token is longer than 16384 characters"));
  }

  @Test
  void acceptsAllRequestsIfNoneNeedsCredentials() {
    Authenticator open = new Authenticator(false, BEARER_AND_BASIC, List.of());
    assertThat(open.isRequired()).isFalse();
    assertThat(open.authenticate(null)).isEqualTo(new Authentication.Accepted(Caller.ANONYMOUS));
    assertThat(open.authenticate("Bearer x"))
        .isEqualTo(new Authentication.Accepted(Caller.ANONYMOUS));

    Authenticator closed = new Authenticator(true, BEARER_AND_BASIC, List.of());
    assertThat(closed.isRequired()).isTrue();
    assertThat(name(closed.authenticate(null))).isNull();
  }
}
