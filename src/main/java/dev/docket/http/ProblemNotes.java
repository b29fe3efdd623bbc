package dev.docket.http;

import jakarta.annotation.Priority;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;

/**
 * Notes the detail of a problem for the request log. Runs before other filters, which may translate
 * the body.
 */
@Priority(Integer.MAX_VALUE)
final class ProblemNotes implements ContainerResponseFilter {

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (response.getEntity() instanceof ProblemBody problem) {
      request.setProperty(RequestAttributes.PROBLEM, problem.detail());
    }
  }
}
