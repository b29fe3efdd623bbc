package dev.docket.dialect.dane.index;

import dev.docket.dialect.dane.index.query.InvalidQuery;
import dev.docket.http.ProblemBody;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.MediaType;
import java.lang.annotation.Annotation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adds the header that the client requires, and gives errors the shape of Elasticsearch's. */
final class IndexErrors implements ContainerResponseFilter {

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    response.getHeaders().putSingle("X-Elastic-Product", "Elasticsearch");
    if (response.getEntity() instanceof ProblemBody problem) {
      Map<String, Object> error = error(problem, request);
      Map<String, Object> body = new LinkedHashMap<>();
      Map<String, Object> whole = new LinkedHashMap<>();
      whole.put("root_cause", List.of(error));
      whole.putAll(error);
      body.put("error", whole);
      body.put("status", response.getStatus());
      response.setEntity(body, new Annotation[0], MediaType.APPLICATION_JSON_TYPE);
    }
  }

  private static Map<String, Object> error(ProblemBody problem, ContainerRequestContext request) {
    Map<String, Object> error = new LinkedHashMap<>();
    Object exception = problem.members().get(InvalidQuery.EXCEPTION);
    error.put("type", exception == null ? exception(problem.status()) : exception);
    error.put(
        "reason",
        problem.members().containsKey(IndexRejection.CALL)
            ? IndexRejection.reason(request.getMethod() + " /" + request.getUriInfo().getPath())
            : problem.detail());
    return error;
  }

  private static String exception(int status) {
    return switch (status) {
      case 400 -> "illegal_argument_exception";
      case 401, 403 -> "security_exception";
      case 404 -> "resource_not_found_exception";
      case 409 -> "version_conflict_engine_exception";
      default -> "docket_" + status;
    };
  }
}
