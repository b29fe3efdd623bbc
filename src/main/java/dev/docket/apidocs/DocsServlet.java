package dev.docket.apidocs;

import io.dropwizard.servlets.assets.AssetServlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * The page that shows the API description: Docket's own HTML and script, and Swagger UI from its
 * WebJar. No other file can be requested. Requires no API key, and loads nothing from elsewhere.
 *
 * <p>Redirects to the page from the other paths that it is mapped to.
 */
public final class DocsServlet extends AssetServlet {

  @Serial private static final long serialVersionUID = 1;

  private static final String PAGE = "/docs/";
  private static final String INDEX = "index.html";
  private static final String OWN = "docs/";

  /** Has the version that pom.xml names. */
  private static final String WEBJAR = "META-INF/resources/webjars/swagger-ui/5.34.1/";

  private static final Set<String> OWN_FILES = Set.of(INDEX, "docket.js");

  private static final Set<String> WEBJAR_FILES =
      Set.of("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png");

  /** Swagger UI embeds images in its style sheet as data URLs. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  public DocsServlet() {
    super(OWN, PAGE, INDEX, StandardCharsets.UTF_8);
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    if (!request.getRequestURI().startsWith(PAGE)) {
      response.setStatus(HttpServletResponse.SC_TEMPORARY_REDIRECT);
      response.setHeader("Location", PAGE);
      return;
    }
    response.setStatus(HttpServletResponse.SC_OK);
    response.setHeader("Content-Security-Policy", POLICY);
    super.doGet(request, response);
  }

  @Override
  protected void doOptions(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    response.setStatus(HttpServletResponse.SC_OK);
    super.doOptions(request, response);
  }

  @Override
  protected URL getResourceURL(String path) {
    String file = path.length() < OWN.length() ? INDEX : path.substring(OWN.length());
    if (!OWN_FILES.contains(file) && !WEBJAR_FILES.contains(file)) {
      throw new IllegalArgumentException(file + " is not a file of the page");
    }
    return super.getResourceURL((OWN_FILES.contains(file) ? OWN : WEBJAR) + file);
  }
}
