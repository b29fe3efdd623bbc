package dev.docket.server;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;

/**
 * Makes resources build links with the address under which clients reach a dialect, whatever the
 * address of the request.
 */
@PreMatching
final class PublicAddress implements ContainerRequestFilter {

  private final URI base;

  /**
   * Creates the address.
   *
   * @param base with a slash at the end
   */
  PublicAddress(URI base) {
    this.base = base;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    UriInfo asked = request.getUriInfo();
    String path = asked.getRequestUri().getRawPath();
    int basePath = Math.min(path.length(), asked.getBaseUri().getRawPath().length());
    String query = asked.getRequestUri().getRawQuery();
    request.setRequestUri(
        base, URI.create(base + path.substring(basePath) + (query == null ? "" : "?" + query)));
  }
}
