package dev.docket.dialect.dane;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

/** DANE's {@code /} and {@code /swagger.json}, open to all. */
@Path("/")
public final class DaneDescriptionResource {

  private static final String HTML = MediaType.TEXT_HTML + ";charset=utf-8";

  private final DaneDescription description;

  DaneDescriptionResource(DaneDescription description) {
    this.description = description;
  }

  /** Shows the page for people. */
  @GET
  @Produces(HTML)
  @PermitAll
  public Response page(@Context UriInfo uri) {
    return Response.ok(description.page(uri.getBaseUri()))
        .header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        .build();
  }

  /** Shows the description for programs. */
  @GET
  @Path("swagger.json")
  @Produces(MediaType.APPLICATION_JSON)
  @PermitAll
  public JsonNode swagger(@Context UriInfo uri) {
    return description.swagger(uri.getBaseUri());
  }
}
