package dev.docket.dialect.dane;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import java.util.regex.Pattern;

/**
 * Prepares requests below {@code /DANE/}: takes repeated slashes as one, as DANE's redirects have
 * it (dane-workflows asks for {@code document//<id>/tasks}), and refuses HEAD, since Jersey would
 * run the GET method, which deletes and resets here.
 */
@PreMatching
final class DanePaths implements ContainerRequestFilter {

  private static final Pattern SLASHES = Pattern.compile("/{2,}");

  @Override
  public void filter(ContainerRequestContext request) {
    if (!isDane(request)) {
      return;
    }
    if (request.getMethod().equals(HttpMethod.HEAD)) {
      request.abortWith(Response.status(Response.Status.METHOD_NOT_ALLOWED).build());
      return;
    }
    URI asked = request.getUriInfo().getRequestUri();
    String path = asked.getRawPath();
    String clean = SLASHES.matcher(path).replaceAll("/");
    if (!clean.equals(path)) {
      request.setRequestUri(UriBuilder.fromUri(asked).replacePath(clean).build());
    }
  }

  /** Whether the request is for DANE's API. */
  static boolean isDane(ContainerRequestContext request) {
    String path = request.getUriInfo().getPath();
    int start = 0;
    while (path.startsWith("/", start)) {
      start++;
    }
    return path.startsWith("DANE/", start) || path.substring(start).equals("DANE");
  }
}
