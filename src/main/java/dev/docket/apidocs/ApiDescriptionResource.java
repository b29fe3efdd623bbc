package dev.docket.apidocs;

import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.util.function.Supplier;

/** HTTP resource for the OpenAPI description. Requires no API key. */
@Path("/openapi.json")
@Produces(MediaType.APPLICATION_JSON)
public final class ApiDescriptionResource {

  private final Lazy<Asset> asset;

  /**
   * Creates the resource.
   *
   * @param description supplies the description on the first request
   */
  public ApiDescriptionResource(Supplier<ApiDescription> description) {
    this.asset = new Lazy<>(() -> description.get().asset());
  }

  /** Returns the description, or 304 if the client already has it. */
  @GET
  @PermitAll
  public Response get(@Context Request request) {
    Asset description = asset.get();
    EntityTag tag = new EntityTag(description.digest());
    Response.ResponseBuilder notModified = request.evaluatePreconditions(tag);
    return (notModified != null ? notModified : Response.ok(description.bytes()))
        .tag(tag)
        .header(HttpHeaders.CACHE_CONTROL, "no-cache")
        .build();
  }
}
