package dev.docket.auth;

import java.util.concurrent.CompletionStage;

/** What the credentials of a request are worth. */
public sealed interface Authentication {

  /** The caller is known. */
  record Accepted(Caller caller) implements Authentication {}

  /**
   * The credentials are not accepted. Responses contain the reason, so it tells a client nothing
   * that helps to guess credentials.
   */
  record Rejected(String reason) implements Authentication {}

  /** The server cannot check the credentials now; the client can try again. */
  record Unavailable(String reason) implements Authentication {}

  /**
   * The server is fetching what it needs to check the credentials.
   *
   * @param outcome completes within seconds, never with another pending one, and never fails
   */
  record Pending(CompletionStage<Authentication> outcome) implements Authentication {}
}
