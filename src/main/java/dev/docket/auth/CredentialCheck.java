package dev.docket.auth;

import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.Objects;

/**
 * Tells whether the credentials of a request are still accepted, for responses that last. They may
 * expire or be revoked meanwhile. Thread-safe.
 */
@FunctionalInterface
public interface CredentialCheck {

  /** The property of a request with its check. */
  String PROPERTY = "dev.docket.auth.check";

  /**
   * Whether they still belong to the caller of the request. True as well while the server cannot
   * check them. Never blocks.
   */
  boolean isStillAccepted();

  /** The check of an authenticated request. */
  static CredentialCheck of(ContainerRequestContext request) {
    return (CredentialCheck)
        Objects.requireNonNull(request.getProperty(PROPERTY), "the request is authenticated");
  }
}
