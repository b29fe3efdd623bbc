package dev.docket.guard;

import dev.docket.auth.Authentication;
import dev.docket.auth.http.Authenticator;
import dev.docket.http.RequestAttributes;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** Names the caller of a request, before Jersey authenticates it. Thread-safe. */
final class Callers {

  /**
   * Stands for all requests whose credentials are not valid, or cannot be checked yet. No API key
   * has this name, and a token with this name shares its limits.
   */
  static final String UNKNOWN = "(no key)";

  private final Authenticator authenticator;

  Callers(Authenticator authenticator) {
    this.authenticator = authenticator;
  }

  /** The name of the caller. */
  String name(Request request) {
    if (request.getAttribute(RequestAttributes.CALLER) instanceof String known) {
      return known;
    }
    Authentication outcome =
        authenticator.authenticate(request.getHeaders().get(HttpHeader.AUTHORIZATION));
    String name =
        outcome instanceof Authentication.Accepted accepted ? accepted.caller().name() : UNKNOWN;
    request.setAttribute(RequestAttributes.CALLER, name);
    return name;
  }
}
