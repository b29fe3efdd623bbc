package dev.docket.guard;

import dev.docket.http.RequestAttributes;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Gives each request its id, which the response and the logs repeat, and notes its caller for the
 * request log, and its address for the audit. Stands before all other handlers, so that the log
 * names the caller of rejected requests too.
 */
final class RequestIdentity extends Handler.Wrapper {

  private final Callers callers;

  RequestIdentity(Callers callers) {
    this.callers = callers;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    HttpFields sent = request.getHeaders();
    String id = RequestAttributes.idOr(sent.get(RequestAttributes.ID_HEADER));
    request.setAttribute(RequestAttributes.ID, id);
    request.setAttribute(RequestAttributes.ADDRESS, Request.getRemoteAddr(request));
    response.getHeaders().put(RequestAttributes.ID_HEADER, id);
    var unused = callers.name(request);
    HttpFields headers = HttpFields.build(sent).put(RequestAttributes.ID_HEADER, id).asImmutable();
    return super.handle(new Identified(request, headers), response, callback);
  }

  /** Resources find the id in the header, whether the client sent it or not. */
  private static final class Identified extends Request.Wrapper {

    private final HttpFields headers;

    private Identified(Request request, HttpFields headers) {
      super(request);
      this.headers = headers;
    }

    @Override
    public HttpFields getHeaders() {
      return headers;
    }
  }
}
