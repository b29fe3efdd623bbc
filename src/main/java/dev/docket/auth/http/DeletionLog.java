package dev.docket.auth.http;

import dev.docket.auth.Caller;
import dev.docket.http.RequestAttributes;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs who deleted what, whether or not there is a request log. */
final class DeletionLog implements ContainerResponseFilter {

  private static final Logger LOG = LoggerFactory.getLogger(DeletionLog.class);

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    String path = request.getUriInfo().getPath();
    if (response.getStatus() >= 300 || !isDeletion(request.getMethod(), path)) {
      return;
    }
    @Nullable Principal caller = request.getSecurityContext().getUserPrincipal();
    LOG.atInfo()
        .addKeyValue("caller", caller == null ? Caller.ANONYMOUS.name() : caller.getName())
        .addKeyValue("request", request.getHeaderString(RequestAttributes.ID_HEADER))
        .log("Deleted /{}", path);
  }

  /** DANE's web page deletes with GET. Scrolls are no records. */
  private static boolean isDeletion(String method, String path) {
    return (method.equals(HttpMethod.DELETE) && !path.startsWith("_search/"))
        || path.endsWith("/delete");
  }
}
