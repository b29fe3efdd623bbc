package dev.docket.auth.token;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Finds the keys with which a token can be verified. Never blocks; thread-safe. */
interface KeyLookup {

  /** The result of a lookup. */
  sealed interface Found {}

  /** The candidates; empty if the issuer has no such key. */
  record Verifiers(List<JWSVerifier> candidates) implements Found {}

  /**
   * The keys are being fetched.
   *
   * @param fetched completes when a further lookup can succeed, or will not; never fails
   */
  record Fetching(CompletionStage<?> fetched) implements Found {}

  /** The keys have never been fetched, or too long ago. */
  record Missing() implements Found {}

  /**
   * Looks up keys.
   *
   * @param header a header with an algorithm that the issuer allows
   * @param mayFetch whether an unknown key may cause a fetch
   */
  Found find(JWSHeader header, boolean mayFetch);
}
