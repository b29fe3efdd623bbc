package dev.docket.console;

import dev.docket.http.ProblemBody;
import jakarta.annotation.Priority;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.lang.annotation.Annotation;
import java.util.List;
import java.util.Map;
import org.glassfish.jersey.server.ExtendedUriInfo;
import org.glassfish.jersey.server.model.ResourceMethod;

/**
 * Shows an error as a page to a person, instead of a problem document to a program: what is wrong,
 * and for a missing or insufficient API key what to do.
 */
@BrowserLogin
@Priority(BrowserLoginFilter.BEFORE_OTHERS)
public final class BrowserLoginFilter implements ContainerResponseFilter {

  /** Response filters run in descending order, so that the others see the page. */
  static final int BEFORE_OTHERS = Priorities.USER + 1;

  private static final MediaType HTML = MediaType.TEXT_HTML_TYPE.withCharset("utf-8");

  private final PageTemplates templates;

  public BrowserLoginFilter(PageTemplates templates) {
    this.templates = templates;
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (!(response.getEntity() instanceof ProblemBody problem)) {
      return;
    }
    if (problem.status() == 401) {
      // Browsers ask for the key only if the server offers basic authentication.
      response
          .getHeaders()
          .add(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"docket\", charset=\"UTF-8\"");
    }
    response.getHeaders().putSingle("Content-Security-Policy", templates.policy("'none'"));
    String page =
        templates.render(
            "problem",
            Map.of(
                "status",
                problem.status(),
                "detail",
                problem.detail(),
                "roles",
                roles(request.getUriInfo()),
                "root",
                PageAddress.root(request.getUriInfo())));
    response.setEntity(page, new Annotation[0], HTML);
  }

  /** The roles that the page needs. */
  private static List<String> roles(UriInfo uri) {
    ResourceMethod method =
        uri instanceof ExtendedUriInfo matched ? matched.getMatchedResourceMethod() : null;
    RolesAllowed roles =
        method == null
            ? null
            : method.getInvocable().getHandlingMethod().getAnnotation(RolesAllowed.class);
    return roles == null ? List.of() : List.of(roles.value());
  }
}
