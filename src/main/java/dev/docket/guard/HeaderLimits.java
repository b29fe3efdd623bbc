package dev.docket.guard;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Limits number and size of the headers of a request. What Jersey does with headers takes quadratic
 * time, and the connector's own limit includes the URL, which can be long.
 */
final class HeaderLimits extends Handler.Wrapper {

  static final int MAX_HEADERS = 100;

  /** In characters, names and values together. */
  static final int MAX_CHARACTERS = 16 * 1024;

  private final ProblemErrors errors;

  HeaderLimits(ProblemErrors errors) {
    this.errors = errors;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (request.getHeaders().size() > MAX_HEADERS) {
      reject(request, response, callback, "at most " + MAX_HEADERS + " headers");
      return true;
    }
    int characters = 0;
    for (HttpField header : request.getHeaders()) {
      String value = header.getValue();
      characters += header.getName().length() + (value == null ? 0 : value.length());
    }
    if (characters > MAX_CHARACTERS) {
      reject(request, response, callback, "headers of at most " + MAX_CHARACTERS + " characters");
      return true;
    }
    return super.handle(request, response, callback);
  }

  private void reject(Request request, Response response, Callback callback, String allowed) {
    errors.write(
        request,
        response,
        callback,
        HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431,
        "a request may have " + allowed);
  }
}
