package dev.docket.console;

import dev.docket.http.ProblemBody;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.lang.annotation.Annotation;

/** Tells a person whose API key is missing or insufficient what to do, instead of a program. */
@BrowserLogin
@Priority(BrowserLoginFilter.BEFORE_OTHERS)
public final class BrowserLoginFilter implements ContainerResponseFilter {

  /** Response filters run in descending order, so that the others see the page. */
  static final int BEFORE_OTHERS = Priorities.USER + 1;

  private static final MediaType HTML = MediaType.TEXT_HTML_TYPE.withCharset("utf-8");

  private final OverviewPage page = new OverviewPage();

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (!(response.getEntity() instanceof ProblemBody problem)
        || (problem.status() != 401 && problem.status() != 403)) {
      return;
    }
    if (problem.status() == 401) {
      // Browsers ask for the key only if the server offers basic authentication.
      response
          .getHeaders()
          .add(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"docket\", charset=\"UTF-8\"");
    }
    response.getHeaders().putSingle("Content-Security-Policy", page.policy());
    response.setEntity(page.rejection(problem.status() == 403), new Annotation[0], HTML);
  }
}
