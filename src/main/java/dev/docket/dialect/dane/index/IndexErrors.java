package dev.docket.dialect.dane.index;

import dev.docket.http.ProblemBody;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.MediaType;
import java.lang.annotation.Annotation;
import java.util.Map;

/** Adds the header that the client requires, and gives errors the shape of Elasticsearch's. */
final class IndexErrors implements ContainerResponseFilter {

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    response.getHeaders().putSingle("X-Elastic-Product", "Elasticsearch");
    if (response.getEntity() instanceof ProblemBody problem) {
      Map<String, Object> error =
          Map.of("type", "docket_" + response.getStatus(), "reason", problem.detail());
      response.setEntity(
          Map.of("error", error, "status", response.getStatus()),
          new Annotation[0],
          MediaType.APPLICATION_JSON_TYPE);
    }
  }
}
