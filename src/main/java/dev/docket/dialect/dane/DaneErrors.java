package dev.docket.dialect.dane;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.docket.http.Problem;
import dev.docket.http.ProblemBody;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.lang.annotation.Annotation;
import java.util.List;

/**
 * Below {@code /DANE/} an error is {@code {"message": "…"}}; which fields are wrong comes with it.
 */
public final class DaneErrors implements ContainerResponseFilter {

  /**
   * An error as DANE's clients read it.
   *
   * @param errors left out where no field is to blame
   */
  private record DaneError(
      String message,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Problem.FieldError> errors) {}

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (response.getEntity() instanceof ProblemBody problem && isDane(request)) {
      if (response.getStatus() == Response.Status.UNAUTHORIZED.getStatusCode()) {
        // DANE's pages are called up in a browser, which asks for a password only if it is told to.
        response.getHeaders().add(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"docket\"");
      }
      response.setEntity(
          new DaneError(problem.detail(), problem.errors()),
          new Annotation[0],
          MediaType.APPLICATION_JSON_TYPE);
    }
  }

  private static boolean isDane(ContainerRequestContext request) {
    String path = request.getUriInfo().getPath();
    return path.startsWith("DANE/") || path.equals("DANE");
  }
}
