package dev.docket.auth;

import java.util.Optional;

/** Knows credentials of one kind, such as API keys or tokens. Thread-safe; never blocks. */
public interface CredentialSource {

  /** Why an API key is rejected, whichever of the reasons applies. */
  String UNKNOWN_KEY = "the API key is not accepted: it is unknown, expired or revoked";

  /** Whether requests need credentials because of this source. */
  boolean requiresCredentials();

  /** Checks a key or a token; empty if it is not of this kind. */
  Optional<Authentication> authenticate(String credential);
}
