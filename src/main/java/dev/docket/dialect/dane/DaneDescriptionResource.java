package dev.docket.dialect.dane;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** DANE's {@code /} and {@code /swagger.json}, open to all. */
@Path("/DANE")
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
  public Response page() {
    return Response.ok(description.page())
        .header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        .header("X-Content-Type-Options", "nosniff")
        .build();
  }

  /** Shows the description for programs. */
  @GET
  @Path("swagger.json")
  @Produces(MediaType.APPLICATION_JSON)
  @PermitAll
  public JsonNode swagger() {
    return description.swagger();
  }
}
