package dev.docket.auth.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.PlainHeader;
import com.nimbusds.jose.PlainObject;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.docket.auth.AccessRules;
import dev.docket.auth.Authentication;
import dev.docket.auth.Caller;
import dev.docket.auth.SettableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of an issuer with a shared secret. */
final class TokensTest {

  static final String ISSUER = "https://id.example/";

  private static final byte[] SECRET =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);

  static final TokenIssuer.Claims CLAIMS =
      new TokenIssuer.Claims(
          "sub",
          "realm.roles",
          Map.of("curators", "archivist", "robots", "worker"),
          Set.of("analyst"),
          "team");

  private final SettableClock clock = new SettableClock();
  private final AccessRules rules = new AccessRules(Map.of());
  private final Tokens tokens = new Tokens(List.of(issuer(JWSAlgorithm.HS256)), rules, clock);

  private static TokenIssuer issuer(JWSAlgorithm... algorithms) {
    return new TokenIssuer(
        ISSUER,
        "docket",
        Set.of(algorithms),
        new TokenIssuer.SharedSecret(Base64.getEncoder().encodeToString(SECRET)),
        Duration.ofSeconds(10),
        CLAIMS);
  }

  private JWTClaimsSet.Builder claims() {
    return claims(clock.instant());
  }

  static JWTClaimsSet.Builder claims(Instant now) {
    return new JWTClaimsSet.Builder()
        .issuer(ISSUER)
        .audience(List.of("other", "docket"))
        .subject("anna")
        .expirationTime(Date.from(now.plusSeconds(60)));
  }

  private static String sign(JWTClaimsSet claims) throws Exception {
    return sign(new JWSHeader(JWSAlgorithm.HS256), claims, new MACSigner(SECRET));
  }

  static String sign(JWSHeader header, JWTClaimsSet claims, JWSSigner signer) throws Exception {
    SignedJWT token = new SignedJWT(header, claims);
    token.sign(signer);
    return token.serialize();
  }

  private Authentication outcome(String token) {
    return tokens.authenticate(token).orElseThrow();
  }

  private Authentication outcome(JWTClaimsSet.Builder claims) throws Exception {
    return outcome(sign(claims.build()));
  }

  private static String reason(Authentication outcome) {
    return ((Authentication.Rejected) outcome).reason();
  }

  static Caller caller(Authentication outcome) {
    return ((Authentication.Accepted) outcome).caller();
  }

  @Test
  void callerHasNameGroupAndRolesOfClaims() throws Exception {
    JWTClaimsSet.Builder claims =
        claims()
            .claim("realm", Map.of("roles", List.of("curators", "robots", "others", 7)))
            .claim("team", "radio");
    assertThat(outcome(claims))
        .isEqualTo(
            new Authentication.Accepted(
                rules.caller("anna", "radio", Set.of("archivist", "worker"), null)));
  }

  @Test
  void rolesCanBeWordsOfTextUnderExactName() throws Exception {
    JWTClaimsSet.Builder claims =
        claims()
            .claim("realm.roles", "openid robots")
            .claim("realm", Map.of("roles", List.of("curators")));
    assertThat(caller(outcome(claims)).roles()).containsExactly("worker");
  }

  @Test
  void tokenWithoutMappedRoleHasDefaultRoles() throws Exception {
    assertThat(caller(outcome(claims())).roles()).containsExactly("analyst");
    assertThat(caller(outcome(claims().claim("realm", "admin"))).roles())
        .containsExactly("analyst");
    assertThat(caller(outcome(claims().claim("realm", Map.of("roles", "admin")))).roles())
        .containsExactly("analyst");
  }

  @Test
  void rejectsExpiredTokenAfterLeeway() throws Exception {
    String token = sign(claims().build());
    clock.advance(Duration.ofSeconds(69));
    assertThat(caller(outcome(token)).name()).isEqualTo("anna");
    clock.advance(Duration.ofSeconds(1));
    assertThat(reason(outcome(token))).isEqualTo("the token has expired");
  }

  @Test
  void rejectsTokenThatIsNotValidYetBeforeLeeway() throws Exception {
    String token = sign(claims().notBeforeTime(Date.from(clock.instant().plusSeconds(11))).build());
    assertThat(reason(outcome(token))).isEqualTo("the token is not valid yet");
    clock.advance(Duration.ofSeconds(1));
    assertThat(caller(outcome(token)).name()).isEqualTo("anna");
  }

  @Test
  void rejectsTokenWithoutExpiry() throws Exception {
    assertThat(reason(outcome(claims().expirationTime(null))))
        .isEqualTo("the token has no expiry (claim exp)");
  }

  @Test
  void rejectsOtherAudience() throws Exception {
    assertThat(reason(outcome(claims().audience("other"))))
        .isEqualTo("the token is for another audience");
    assertThat(reason(outcome(claims().audience((String) null))))
        .isEqualTo("the token is for another audience");
  }

  @Test
  void saysNothingAboutClaimsIfSignatureIsWrong() throws Exception {
    JWTClaimsSet claims = claims().audience("other").build();
    byte[] otherSecret = "another secret of thirty-two byte".getBytes(StandardCharsets.UTF_8);
    String forged = sign(new JWSHeader(JWSAlgorithm.HS256), claims, new MACSigner(otherSecret));
    assertThat(reason(outcome(forged))).isEqualTo("the token is not accepted");
  }

  @Test
  void rejectsOtherIssuer() throws Exception {
    for (@Nullable String issuer : new @Nullable String[] {null, "", "https://id.example"}) {
      assertThat(reason(outcome(claims().issuer(issuer)))).isEqualTo("the token is not accepted");
    }
  }

  @Test
  void rejectsUnsignedToken() throws Exception {
    String unsigned =
        new PlainObject(new PlainHeader(), new Payload(claims().build().toJSONObject()))
            .serialize();
    assertThat(reason(outcome(unsigned))).isEqualTo("the token is not accepted");

    String signed = sign(claims().build());
    String withoutSignature = signed.substring(0, signed.lastIndexOf('.') + 1);
    assertThat(reason(outcome(withoutSignature))).isEqualTo("the token is not accepted");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "NONE", "RS256", "HS384", "x"})
  void rejectsOtherAlgorithmInHeader(String algorithm) throws Exception {
    String signed = sign(claims().build());
    String header =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                "{\"alg\":\"%s\"}".formatted(algorithm).getBytes(StandardCharsets.UTF_8));
    String changed = header + signed.substring(signed.indexOf('.'));
    assertThat(reason(outcome(changed))).isEqualTo("the token is not accepted");
    String empty = changed.substring(0, changed.lastIndexOf('.') + 1);
    assertThat(reason(outcome(empty))).isEqualTo("the token is not accepted");
  }

  @Test
  void rejectsUnknownCriticalHeader() throws Exception {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.HS256)
            .criticalParams(Set.of("exp"))
            .customParam("exp", 1)
            .build();
    String token = sign(header, claims().build(), new MACSigner(SECRET));
    assertThat(reason(outcome(token))).isEqualTo("the token is not accepted");
  }

  @Test
  void acceptsAccessTokensOnly() throws Exception {
    for (String type : List.of("JWT", "jwt", "at+jwt")) {
      assertThat(caller(outcome(typed(type))).name()).isEqualTo("anna");
    }
    for (String type : List.of("logout+jwt", "dpop+jwt")) {
      assertThat(reason(outcome(typed(type)))).isEqualTo("the token is not accepted");
    }
  }

  private String typed(String type) throws Exception {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.HS256).type(new JOSEObjectType(type)).build();
    return sign(header, claims().build(), new MACSigner(SECRET));
  }

  @Test
  void rejectsOversizedToken() throws Exception {
    assertThat(reason(outcome(claims().claim("x", "x".repeat(7_000)))))
        .isEqualTo("the token is longer than 8192 characters");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a ",
        "(command line)",
        "a\nb",
        "a\u0000",
        "a\u202Eb",
        "a\u200Bb",
        "a\u2028b",
        "a\uE000",
        "\u0085"
      })
  void rejectsNameThatWouldForgeOrHideText(String name) throws Exception {
    assertThat(reason(outcome(claims().subject(name))))
        .startsWith("the claim sub must be 1 to 256");
    assertThat(reason(outcome(claims().claim("team", name))))
        .startsWith("the claim team must be 1 to 256");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Зоя", "李 四", "e\u0301mile", "𝒜nna", "a\"b<c>"})
  void acceptsNameInAnyScript(String name) throws Exception {
    assertThat(caller(outcome(claims().subject(name))).name()).isEqualTo(name);
  }

  @Test
  void limitsLengthOfNameInCharacters() throws Exception {
    assertThat(caller(outcome(claims().subject("𝒜".repeat(256)))).name()).hasSize(512);
    assertThat(reason(outcome(claims().subject("a".repeat(257))))).contains("256 characters");
  }

  @Test
  void rejectsTokenWithoutNameOrWithReservedOne() throws Exception {
    assertThat(reason(outcome(claims().subject(null)))).isEqualTo("the token has no claim sub");
    assertThat(reason(outcome(claims().subject("anonymous"))))
        .isEqualTo("the claim sub must not be anonymous");
  }

  @Test
  void rejectsSeveralGroups() throws Exception {
    assertThat(caller(outcome(claims().claim("team", List.of("radio")))).group())
        .isEqualTo("radio");
    assertThat(reason(outcome(claims().claim("team", List.of("radio", "film")))))
        .isEqualTo("the claim team must be one text");
    assertThat(reason(outcome(claims().claim("team", 1))))
        .isEqualTo("the claim team must be one text");
  }

  @ParameterizedTest
  @ValueSource(strings = {"eyJ", "eyJ.x", "key", "dk_0123456789abcdef_x", "eyJhbGciOiJIUzI1NiJ9"})
  void leavesOtherCredentialsToOthers(String text) {
    assertThat(tokens.authenticate(text)).isEqualTo(Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"eyJ..", "eyJhbGciOiJIUzI1NiJ9.e30.AAAA", "eyJhbGciOiJIUzI1NiJ9.W10.AAAA"})
  void rejectsMalformedToken(String text) {
    assertThat(reason(outcome(text))).isEqualTo("the token is not accepted");
  }

  @Test
  void issuerWithSecretAllowsHmacWithLongEnoughSecretOnly() {
    for (JWSAlgorithm algorithm :
        List.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256, new JWSAlgorithm("none"))) {
      assertThatThrownBy(() -> issuer(algorithm))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("algorithms must be some of HS256, HS384, HS512 with secret");
    }
    assertThatThrownBy(() -> issuer(JWSAlgorithm.HS256, JWSAlgorithm.HS512))
        .hasMessage("secret must have at least 64 bytes for HS512 (has 32)");
    assertThatThrownBy(() -> issuer()).hasMessageContaining("algorithms");
    assertThat(issuer(JWSAlgorithm.HS256).toString()).doesNotContain("MDEyMzQ1");
  }

  @Test
  void rejectsTwoIssuersOfOneName() {
    TokenIssuer issuer = issuer(JWSAlgorithm.HS256);
    assertThatThrownBy(() -> new Tokens(List.of(issuer, issuer), rules, clock))
        .hasMessageContaining(ISSUER);
  }
}
