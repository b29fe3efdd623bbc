package dev.docket.auth.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACVerifier;
import java.util.List;

/** The secret that an issuer and this server share. */
final class SharedSecretKey implements KeyLookup {

  private final byte[] secret;

  SharedSecretKey(TokenIssuer.SharedSecret secret) {
    this.secret = secret.bytes();
  }

  @Override
  public Found find(JWSHeader header, boolean mayFetch) {
    try {
      return new Verifiers(List.of(new MACVerifier(secret)));
    } catch (JOSEException e) {
      throw new IllegalStateException("the length of the secret was checked", e);
    }
  }
}
