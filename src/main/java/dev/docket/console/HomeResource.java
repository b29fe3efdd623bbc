package dev.docket.console;

import dev.docket.auth.Caller;
import dev.docket.auth.Forbidden;
import dev.docket.auth.Roles;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** The start page: HTML for browsers, JSON for all other clients. */
@Path("/")
public final class HomeResource {

  private final OverviewReader reader;
  private final OverviewPage page;
  private final Home home;

  public HomeResource(OverviewReader reader, PageTemplates templates, String version) {
    this.reader = reader;
    this.page = new OverviewPage(templates);
    this.home = Home.of(version);
  }

  /** Returns the addresses of other pages. */
  @GET
  @Produces(MediaType.APPLICATION_JSON)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public Response home() {
    return Response.ok(home).header(HttpHeaders.VARY, HttpHeaders.ACCEPT).build();
  }

  /** Returns a page that says what is stuck, to callers that see all records. Blocks. */
  @GET
  @Produces(MediaType.TEXT_HTML + ";charset=utf-8;qs=0.9")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  @BrowserLogin
  public Response page(@Auth Caller caller) {
    if (!caller.sees().includesAll()) {
      throw new Forbidden(
          "this page shows the tasks of all owners, and you do not see all of them;"
              + " /search/task lists yours");
    }
    return Response.ok(page.overview(reader.read()))
        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .header("Content-Security-Policy", page.policy())
        .build();
  }
}
