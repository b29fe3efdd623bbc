package dev.docket.guard;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Adds the headers that every response has, so that browsers do not guess content types, send URLs
 * to other sites or cache records. A resource can replace the caching rule.
 */
final class SecurityHeaders implements HttpConfiguration.Customizer {

  private static final HttpField NO_SNIFFING =
      new PreEncodedHttpField("X-Content-Type-Options", "nosniff");
  private static final HttpField REFERRER =
      new PreEncodedHttpField("Referrer-Policy", "no-referrer");

  // A cache may keep a response for its owner, but must ask with its ETag before it uses it.
  private static final HttpField CACHING =
      new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "private, no-cache");

  @Override
  public Request customize(Request request, HttpFields.Mutable responseHeaders) {
    add(responseHeaders);
    return request;
  }

  static void add(HttpFields.Mutable responseHeaders) {
    responseHeaders.put(NO_SNIFFING);
    responseHeaders.put(REFERRER);
    responseHeaders.put(CACHING);
  }
}
