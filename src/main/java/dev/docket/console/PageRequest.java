package dev.docket.console;

import dev.docket.auth.Caller;
import dev.docket.http.InvalidRequest;
import dev.docket.manual.Person;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a browser sends for a page, besides the form. */
public final class PageRequest {

  private final @Nullable String cookie;
  private final @Nullable String origin;
  private final @Nullable String site;
  private final UriInfo uri;
  private final HttpServletResponse response;

  public PageRequest(
      @CookieParam(PageReader.COOKIE) @Nullable String cookie,
      @HeaderParam("Origin") @Nullable String origin,
      @HeaderParam("Sec-Fetch-Site") @Nullable String site,
      @Context UriInfo uri,
      @Context HttpServletResponse response) {
    this.cookie = cookie;
    this.origin = origin;
    this.site = site;
    this.uri = uri;
    this.response = response;
  }

  /** The person who reads the page. */
  PageReader reader(Caller caller) {
    Person person = Person.of(caller, PageReader.name(cookie).orElse(null)).orElse(null);
    return new PageReader(person, !caller.equals(Caller.ANONYMOUS));
  }

  /**
   * Reads the form. A browser sends the credentials of basic authentication with the forms of all
   * sites, so the request must have what the server's check of browsers needs.
   *
   * @throws InvalidRequest if the request does not say which page sent the form
   */
  FormBody form(InputStream body) throws IOException {
    if (origin == null && site == null) {
      throw new InvalidRequest(
          "the request must have the header Origin or Sec-Fetch-Site, as browsers send; programs use"
              + " POST /task/{id}/claim and the other routes for JSON",
          List.of());
    }
    return FormBody.read(body);
  }

  /** The relative address of the start page. */
  String root() {
    return PageAddress.root(uri);
  }

  /**
   * Redirects to another page. The address stays relative, which Jersey would change: behind a
   * proxy that ends TLS, the server does not know the address that browsers use.
   */
  Response.ResponseBuilder redirect(String page) {
    response.setHeader(HttpHeaders.LOCATION, root() + page);
    return Response.status(Response.Status.SEE_OTHER).header(HttpHeaders.CACHE_CONTROL, "no-store");
  }
}
