package dev.docket.guard;

import java.util.Optional;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Rejects requests that a browser sent for a page of another site; see {@link BrowserPolicy}. */
final class BrowserCheck extends Handler.Wrapper {

  private final Function<Request, BrowserPolicy> policies;
  private final ProblemErrors errors;

  /**
   * Creates the check.
   *
   * @param policies the policy of the port that received a request
   */
  BrowserCheck(Function<Request, BrowserPolicy> policies, ProblemErrors errors) {
    this.policies = policies;
    this.errors = errors;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    HttpFields headers = request.getHeaders();
    Optional<String> rejection =
        policies
            .apply(request)
            .rejection(
                request.getMethod(),
                new BrowserPolicy.Source(
                    headers.get(HttpHeader.HOST),
                    headers.get(HttpHeader.ORIGIN),
                    headers.get("Sec-Fetch-Site"),
                    headers.get(HttpHeader.CONTENT_TYPE)));
    if (rejection.isPresent()) {
      errors.write(request, response, callback, HttpStatus.FORBIDDEN_403, rejection.orElseThrow());
      return true;
    }
    return super.handle(request, response, callback);
  }
}
