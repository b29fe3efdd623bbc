package dev.docket.http;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;

/** Protects the methods marked with {@link ChangesByGet} from pages of other sites. */
@ChangesByGet
public final class ChangesByGetFilter implements ContainerRequestFilter {

  @Override
  public void filter(ContainerRequestContext request) {
    String site = request.getHeaderString("Sec-Fetch-Site");
    boolean accepted = site == null || site.equals("none") || site.equals("same-origin");
    if (!accepted) {
      throw new Problem(
          Problem.Kind.FORBIDDEN,
          "pages of other sites may not change anything (the browser sent Sec-Fetch-Site: "
              + site
              + ")");
    }
  }
}
