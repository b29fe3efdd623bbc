package dev.docket.dialect.dane;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.Response;

/** Refuses HEAD, since Jersey would run the GET method, which deletes and resets here. */
@PreMatching
final class HeadRefusal implements ContainerRequestFilter {

  @Override
  public void filter(ContainerRequestContext request) {
    if (request.getMethod().equals(HttpMethod.HEAD)) {
      request.abortWith(Response.status(Response.Status.METHOD_NOT_ALLOWED).build());
    }
  }
}
