package dev.docket.guard;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Adds the headers that every response has, so that browsers do not guess content types, send URLs
 * to other sites or cache records. A resource can replace the caching rule.
 */
final class SecurityHeaders extends Handler.Wrapper {

  private static final HttpField NO_SNIFFING =
      new PreEncodedHttpField("X-Content-Type-Options", "nosniff");
  private static final HttpField REFERRER =
      new PreEncodedHttpField("Referrer-Policy", "no-referrer");

  // The browser of the caller may keep a response, but must ask with its ETag before it uses it.
  private static final HttpField CACHING =
      new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "private, no-cache");

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    add(response.getHeaders());
    return super.handle(request, response, callback);
  }

  static void add(HttpFields.Mutable responseHeaders) {
    responseHeaders.put(NO_SNIFFING);
    responseHeaders.put(REFERRER);
    responseHeaders.put(CACHING);
  }
}
