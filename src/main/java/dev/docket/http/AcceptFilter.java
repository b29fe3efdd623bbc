package dev.docket.http;

import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;

/** Rejects an invalid {@code Accept} header, for which Jersey alone would send an empty 400. */
@PreMatching
final class AcceptFilter implements ContainerRequestFilter {

  @Override
  public void filter(ContainerRequestContext request) {
    try {
      request.getAcceptableMediaTypes();
    } catch (ProcessingException invalid) {
      throw InvalidRequest.field(
          HttpHeaders.ACCEPT, "must be a comma-separated list of media types");
    }
  }
}
