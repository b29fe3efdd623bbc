package dev.docket.dialect.dane;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.docket.http.Problem;
import dev.docket.http.ProblemBody;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.lang.annotation.Annotation;
import java.util.List;
import org.glassfish.jersey.server.ExtendedUriInfo;
import org.jspecify.annotations.Nullable;

/** Gives errors the shape {@code {"message": "…"}} and DANE's sentences. */
final class DaneErrors implements ContainerResponseFilter {

  private static final String NOT_FOUND =
      "The requested URL was not found on the server. If you entered the URL manually please check"
          + " your spelling and try again.";
  private static final String NOT_ALLOWED = "The method is not allowed for the requested URL.";
  private static final String INTERNAL =
      "The server encountered an internal error and was unable to complete your request. Either"
          + " the server is overloaded or there is an error in the application.";

  /**
   * An error as DANE's clients read it.
   *
   * @param errors the fields that are wrong; omitted if there are none
   * @param id what to look for in the server's log; omitted if the log has nothing
   */
  private record DaneError(
      String message,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Problem.FieldError> errors,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String id) {}

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (!(response.getEntity() instanceof ProblemBody problem)) {
      return;
    }
    if (problem.status() == 401) {
      // Browsers ask for the key only if the server offers basic authentication.
      response.getHeaders().add(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"docket\"");
    }
    response.setEntity(
        new DaneError(message(problem, request), problem.errors(), problem.id()),
        new Annotation[0],
        MediaType.APPLICATION_JSON_TYPE);
  }

  private static String message(ProblemBody problem, ContainerRequestContext request) {
    boolean routed =
        request.getUriInfo() instanceof ExtendedUriInfo uri
            && uri.getMatchedResourceMethod() != null;
    return switch (problem.status()) {
      case 404 -> routed ? problem.detail() : NOT_FOUND;
      case 405 -> NOT_ALLOWED;
      case 500 -> INTERNAL;
      default -> problem.detail();
    };
  }
}
