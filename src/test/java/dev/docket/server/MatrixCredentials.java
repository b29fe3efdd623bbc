package dev.docket.server;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.docket.auth.token.KeySetServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tokens of two issuers, one with a shared secret and one with published keys. */
final class MatrixCredentials implements AutoCloseable {

  private static final byte[] SECRET =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);

  private static final String CLAIMS =
      "rolesClaim: roles, groupClaim: group,"
          + " roleMap: {archivist: archivist, worker: worker, analyst: analyst, admin: admin}";

  private final KeySetServer keySet = new KeySetServer();
  private final RSAKey former = key("former");
  private final RSAKey current = key("current");

  MatrixCredentials() throws IOException, JOSEException {
    keySet.serve(former.toPublicJWK());
  }

  private static RSAKey key(String id) throws JOSEException {
    return new RSAKeyGenerator(2048).keyID(id).generate();
  }

  /** The setting {@code access.tokens}. */
  String config() {
    return "[{issuer: secret, audience: docket, algorithms: [HS256], secret: '%s', %s},"
            .formatted(Base64.getEncoder().encodeToString(SECRET), CLAIMS)
        + " {issuer: published, audience: docket, algorithms: [RS256], jwksUrl: '%s', %s}]"
            .formatted(keySet.uri(), CLAIMS);
  }

  /** Replaces the published key. The server fetches it when it meets a token that it signed. */
  void rotate() {
    keySet.serve(current.toPublicJWK());
  }

  private static JWTClaimsSet.Builder claims(String issuer, String role) {
    return new JWTClaimsSet.Builder()
        .issuer(issuer)
        .audience("docket")
        .subject("ann")
        .claim("group", "film")
        .claim("roles", List.of(role))
        .expirationTime(Date.from(Instant.now().plusSeconds(3600)));
  }

  private static String sign(JWTClaimsSet.Builder claims, JWSHeader header, JWSSigner signer)
      throws JOSEException {
    SignedJWT token = new SignedJWT(header, claims.build());
    token.sign(signer);
    return token.serialize();
  }

  private static String bySecret(JWTClaimsSet.Builder claims) throws JOSEException {
    return sign(claims, new JWSHeader(JWSAlgorithm.HS256), new MACSigner(SECRET));
  }

  private static String published(RSAKey key, String role) throws JOSEException {
    return sign(
        claims("published", role),
        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
        new RSASSASigner(key));
  }

  String bySecret(String role) throws JOSEException {
    return bySecret(claims("secret", role));
  }

  String byRotatedKey(String role) throws JOSEException {
    return published(current, role);
  }

  /** Tokens of an administrator that must be rejected, by what is wrong with them. */
  Map<String, String> rejected() throws JOSEException {
    String role = "admin";
    Instant now = Instant.now();
    Map<String, String> rejected = new LinkedHashMap<>();
    rejected.put(
        "expired",
        bySecret(claims("secret", role).expirationTime(Date.from(now.minusSeconds(60)))));
    rejected.put(
        "not yet valid",
        bySecret(claims("secret", role).notBeforeTime(Date.from(now.plusSeconds(600)))));
    rejected.put("of another audience", bySecret(claims("secret", role).audience("other")));
    rejected.put("of an unknown issuer", bySecret(claims("stranger", role)));
    rejected.put("without a signature", new PlainJWT(claims("secret", role).build()).serialize());
    rejected.put(
        "signed with a public key as secret",
        sign(
            claims("published", role),
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("current").build(),
            new MACSigner(current.toRSAPublicKey().getEncoded())));
    rejected.put("of the other issuer's secret", bySecret(claims("published", role)));
    rejected.put("signed with an unknown key", published(key("unknown"), role));
    rejected.put("signed with a withdrawn key", published(former, role));
    String valid = bySecret(role);
    rejected.put("with a changed signature", valid.substring(0, valid.length() - 6) + "AAAAAA");
    return rejected;
  }

  @Override
  public void close() {
    keySet.close();
  }
}
