package dev.docket.guard;

import dev.docket.auth.ApiKeys;
import dev.docket.auth.Caller;
import dev.docket.http.RequestAttributes;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** Names the caller of a request, before Jersey authenticates it. Thread-safe. */
final class Callers {

  /** Stands for all requests without a valid key. No API key has this name. */
  static final String UNKNOWN = "(no key)";

  private final ApiKeys keys;

  Callers(ApiKeys keys) {
    this.keys = keys;
  }

  /** The name of the caller's key. */
  String name(Request request) {
    if (request.getAttribute(RequestAttributes.CALLER) instanceof String known) {
      return known;
    }
    String name =
        keys.caller(request.getHeaders().get(HttpHeader.AUTHORIZATION))
            .map(Caller::name)
            .orElse(UNKNOWN);
    request.setAttribute(RequestAttributes.CALLER, name);
    return name;
  }
}
