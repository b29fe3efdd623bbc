package dev.docket.dialect.dane;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.Response;

/**
 * Refuses HEAD below {@code /DANE/}, where GET deletes and resets: whoever asks for a head only
 * looks, and Jersey would run the whole method for it.
 */
@PreMatching
final class DaneHead implements ContainerRequestFilter {

  @Override
  public void filter(ContainerRequestContext request) {
    if (request.getMethod().equals(HttpMethod.HEAD)
        && request.getUriInfo().getPath().startsWith("DANE/")) {
      request.abortWith(Response.status(Response.Status.METHOD_NOT_ALLOWED).build());
    }
  }
}
