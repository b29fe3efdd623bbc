package dev.docket.auth.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import dev.docket.auth.AccessRules;
import dev.docket.auth.Authentication;
import dev.docket.auth.SettableClock;
import dev.docket.concurrent.Stages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens of an issuer that publishes its keys, which is away, slow or changes them. */
@Timeout(60)
final class FetchedKeysTest {

  private static final String NOT_ACCEPTED = "the token is not accepted";

  private static RSAKey keyA;
  private static RSAKey keyB;
  private static ECKey keyC;

  private final SettableClock clock = new SettableClock();
  private KeySetServer server;
  private Tokens tokens;

  @BeforeAll
  static void generateKeys() throws Exception {
    keyA = new RSAKeyGenerator(2048).keyID("a").keyUse(KeyUse.SIGNATURE).generate();
    keyB = new RSAKeyGenerator(2048).keyID("b").generate();
    keyC = new ECKeyGenerator(Curve.P_256).keyID("c").generate();
  }

  @BeforeEach
  void start() throws IOException {
    server = new KeySetServer();
    server.serve(keyA.toPublicJWK());
    tokens = tokens(Duration.ofSeconds(30));
  }

  @AfterEach
  void stop() {
    server.open();
    server.close();
  }

  private Tokens tokens(Duration timeout) {
    return new Tokens(
        List.of(
            new TokenIssuer(
                TokensTest.ISSUER,
                "docket",
                Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256),
                new TokenIssuer.KeySet(server.uri(), Duration.ofMinutes(5)),
                Duration.ZERO,
                TokensTest.CLAIMS)),
        new AccessRules(Map.of()),
        clock,
        new KeySetClient(timeout),
        clock::nanos);
  }

  private String token(RSAKey key) throws Exception {
    return TokensTest.sign(
        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
        TokensTest.claims(clock.instant()).build(),
        new RSASSASigner(key));
  }

  private Authentication atOnce(String token) {
    return tokens.authenticate(token).orElseThrow();
  }

  private Authentication outcome(String token) {
    Authentication first = atOnce(token);
    return first instanceof Authentication.Pending pending ? Stages.join(pending.outcome()) : first;
  }

  private static String reason(Authentication outcome) {
    return ((Authentication.Rejected) outcome).reason();
  }

  private void fetch() {
    int before = server.requests();
    tokens.tick();
    await().until(() -> server.requests() > before);
  }

  @Test
  void fetchesKeysInTheBackground() throws Exception {
    tokens.tick();
    String token = token(keyA);
    await().until(() -> atOnce(token) instanceof Authentication.Accepted);
    assertThat(server.requests()).isEqualTo(1);
  }

  @Test
  void requestWaitsForTheFirstFetch() throws Exception {
    server.hold();
    Authentication pending = atOnce(token(keyA));
    assertThat(pending).isInstanceOf(Authentication.Pending.class);
    server.open();
    assertThat(Stages.join(((Authentication.Pending) pending).outcome()))
        .isInstanceOf(Authentication.Accepted.class);
  }

  @Test
  void cannotCheckTokensWhileKeysHaveNeverBeenFetched() throws Exception {
    server.serve(500, "");
    String token = token(keyA);
    assertThat(outcome(token)).isInstanceOf(Authentication.Unavailable.class);
    assertThat(atOnce(token)).isInstanceOf(Authentication.Unavailable.class);
    assertThat(server.requests()).isEqualTo(1);

    server.serve(keyA.toPublicJWK());
    clock.advance(FetchedKeys.MIN_INTERVAL);
    assertThat(outcome(token)).isInstanceOf(Authentication.Accepted.class);
  }

  @Test
  void refusesForgedTokensAlsoWhileKeysHaveNeverBeenFetched() throws Exception {
    server.serve(500, "");
    String token = token(keyA).replaceFirst("\\.[^.]*\\.", ".e30.");
    assertThat(reason(outcome(token))).isEqualTo(NOT_ACCEPTED);
    assertThat(server.requests()).isZero();
  }

  @Test
  void keepsKeysWhileIssuerIsAwayButNotForever() throws Exception {
    assertThat(outcome(token(keyA))).isInstanceOf(Authentication.Accepted.class);
    server.serve(503, "");
    clock.advance(Duration.ofMinutes(5));
    fetch();
    clock.advance(Duration.ofMinutes(230));
    assertThat(outcome(token(keyA))).isInstanceOf(Authentication.Accepted.class);
    clock.advance(Duration.ofMinutes(6));
    assertThat(outcome(token(keyA))).isInstanceOf(Authentication.Unavailable.class);
  }

  @Test
  void fetchesKeysWhenTokenNamesAnUnknownOne() throws Exception {
    assertThat(outcome(token(keyA))).isInstanceOf(Authentication.Accepted.class);
    server.serve(keyB.toPublicJWK());
    clock.advance(FetchedKeys.MIN_INTERVAL);

    assertThat(outcome(token(keyB))).isInstanceOf(Authentication.Accepted.class);
    assertThat(reason(atOnce(token(keyA)))).isEqualTo(NOT_ACCEPTED);
  }

  @Test
  void unknownKeysCauseFewFetches() throws Exception {
    assertThat(outcome(token(keyA))).isInstanceOf(Authentication.Accepted.class);
    String unknown = token(keyB);
    for (int i = 0; i < 20; i++) {
      assertThat(reason(atOnce(unknown))).isEqualTo(NOT_ACCEPTED);
    }
    assertThat(server.requests()).isEqualTo(1);
    clock.advance(FetchedKeys.MIN_INTERVAL);
    for (int i = 0; i < 20; i++) {
      assertThat(reason(outcome(unknown))).isEqualTo(NOT_ACCEPTED);
    }
    assertThat(server.requests()).isEqualTo(2);
  }

  @Test
  void requestsShareOneSlowFetch() throws Exception {
    server.hold();
    String token = token(keyA);
    for (int i = 0; i < 20; i++) {
      assertThat(atOnce(token)).isInstanceOf(Authentication.Pending.class);
    }
    server.open();
    assertThat(outcome(token)).isInstanceOf(Authentication.Accepted.class);
    assertThat(server.requests()).isEqualTo(1);
  }

  @Test
  void withdrawnKeyIsRejectedAfterTheNextRefresh() throws Exception {
    assertThat(outcome(token(keyA))).isInstanceOf(Authentication.Accepted.class);
    server.serve(keyB.toPublicJWK());
    clock.advance(Duration.ofMinutes(5));
    tokens.tick();
    String token = token(keyA);
    await().until(() -> atOnce(token) instanceof Authentication.Rejected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"500|{}", "302|{}", "200|[]", "200|{\"keys\":1}", "200|no json", "204|"})
  void unusableResponseChangesNoKeys(int status, String body) throws Exception {
    assertThat(outcome(token(keyA))).isInstanceOf(Authentication.Accepted.class);
    server.serve(status, body == null ? "" : body);
    clock.advance(Duration.ofMinutes(5));
    fetch();
    assertThat(outcome(token(keyA))).isInstanceOf(Authentication.Accepted.class);
  }

  @Test
  void endsFetchThatStopsInTheBody() {
    server.hold();
    server.stopInBody();
    assertThatThrownBy(
            () -> Stages.join(new KeySetClient(Duration.ofMillis(300)).fetch(server.uri())))
        .isNotNull();
  }

  @Test
  void refusesOversizedKeySet() {
    server.serve(200, "{\"keys\":[]," + " ".repeat(300_000) + "\"x\":1}");
    assertThatThrownBy(
            () -> Stages.join(new KeySetClient(Duration.ofSeconds(30)).fetch(server.uri())))
        .hasMessageContaining("larger than 262144 bytes");
  }

  @Test
  void fetchesAgainAfterTheClientThrewOrTheSetWasUnusable() throws Exception {
    Deque<Supplier<CompletionStage<JWKSet>>> responses = new ArrayDeque<>();
    responses.add(
        () -> {
          throw new IllegalStateException("the client is closed");
        });
    responses.add(() -> CompletableFuture.completedStage(null));
    responses.add(() -> CompletableFuture.completedStage(new JWKSet(keyA.toPublicJWK())));
    FetchedKeys keys =
        new FetchedKeys(
            TokensTest.ISSUER,
            new TokenIssuer.KeySet(server.uri(), Duration.ofMinutes(5)),
            uri -> responses.remove().get(),
            clock::nanos);
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("a").build();

    for (int i = 0; i < 2; i++) {
      assertThat(keys.find(header, true))
          .isInstanceOfSatisfying(
              KeyLookup.Fetching.class,
              fetching -> assertThat(fetching.fetched().toCompletableFuture()).isCompleted());
      assertThat(keys.find(header, true)).isInstanceOf(KeyLookup.Missing.class);
      clock.advance(FetchedKeys.MIN_INTERVAL);
    }
    keys.tick();

    assertThat(keys.find(header, true)).isInstanceOf(KeyLookup.Verifiers.class);
  }

  @Test
  void acceptsEveryAllowedAlgorithm() throws Exception {
    server.serve(keyA.toPublicJWK(), keyC.toPublicJWK());
    String pss =
        TokensTest.sign(
            new JWSHeader.Builder(JWSAlgorithm.PS256).keyID("a").build(),
            TokensTest.claims(clock.instant()).build(),
            new RSASSASigner(keyA));
    String elliptic =
        TokensTest.sign(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("c").build(),
            TokensTest.claims(clock.instant()).build(),
            new ECDSASigner(keyC));
    assertThat(outcome(pss)).isInstanceOf(Authentication.Accepted.class);
    assertThat(outcome(elliptic)).isInstanceOf(Authentication.Accepted.class);
  }

  @Test
  void acceptsTokenWithoutKeyId() throws Exception {
    server.serve(keyA.toPublicJWK(), keyB.toPublicJWK(), keyC.toPublicJWK());
    String token =
        TokensTest.sign(
            new JWSHeader(JWSAlgorithm.RS256),
            TokensTest.claims(clock.instant()).build(),
            new RSASSASigner(keyB));
    assertThat(outcome(token)).isInstanceOf(Authentication.Accepted.class);
  }

  @Test
  void rejectsSignatureOfOtherKeyUnderTheIdOfAKnownOne() throws Exception {
    String token =
        TokensTest.sign(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("a").build(),
            TokensTest.claims(clock.instant()).build(),
            new RSASSASigner(keyB));
    assertThat(reason(outcome(token))).isEqualTo(NOT_ACCEPTED);
  }

  @Test
  void publicKeyIsNoSecret() throws Exception {
    byte[] published = keyA.toRSAPublicKey().getEncoded();
    String pem = keyA.toPublicJWK().toJSONString();
    for (byte[] secret : List.of(published, pem.getBytes(StandardCharsets.UTF_8))) {
      String token =
          TokensTest.sign(
              new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("a").build(),
              TokensTest.claims(clock.instant()).build(),
              new MACSigner(secret));
      assertThat(reason(outcome(token))).isEqualTo(NOT_ACCEPTED);
    }
  }

  @Test
  void ignoresSecretsAndWeakKeysInKeySet() throws Exception {
    byte[] secret = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    KeyPair pair = generator.generateKeyPair();
    RSAKey weak = new RSAKey.Builder((RSAPublicKey) pair.getPublic()).keyID("weak").build();
    server.serve(new OctetSequenceKey.Builder(Base64URL.encode(secret)).keyID("s").build(), weak);
    String ofWeak =
        TokensTest.sign(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("weak").build(),
            TokensTest.claims(clock.instant()).build(),
            new RSASSASigner(pair.getPrivate(), Set.of(AllowWeakRSAKey.getInstance())));
    assertThat(reason(outcome(ofWeak))).isEqualTo(NOT_ACCEPTED);
  }

  @Test
  void issuerWithPublicKeysAllowsNoHmac() {
    assertThatThrownBy(
            () ->
                new TokenIssuer(
                    TokensTest.ISSUER,
                    "docket",
                    Set.of(JWSAlgorithm.RS256, JWSAlgorithm.HS256),
                    new TokenIssuer.KeySet(server.uri(), Duration.ofMinutes(5)),
                    Duration.ZERO,
                    TokensTest.CLAIMS))
        .hasMessageContaining("with jwksUrl (was HS256)");
  }
}
