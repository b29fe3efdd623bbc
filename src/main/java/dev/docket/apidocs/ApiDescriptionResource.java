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

/** The description over HTTP, open to all. */
@Path("/openapi.json")
@Produces(MediaType.APPLICATION_JSON)
public final class ApiDescriptionResource {

  private final Lazy<Asset> asset;

  /**
   * Wires it.
   *
   * @param description made when somebody first asks for it
   */
  public ApiDescriptionResource(Supplier<ApiDescription> description) {
    this.asset = new Lazy<>(() -> description.get().asset());
  }

  /** All of it; not sent again to who has it. */
  @GET
  @PermitAll
  public Response get(@Context Request request) {
    Asset description = asset.get();
    EntityTag tag = new EntityTag(description.digest());
    Response.ResponseBuilder same = request.evaluatePreconditions(tag);
    return (same != null ? same : Response.ok(description.bytes()))
        .tag(tag)
        .header(HttpHeaders.CACHE_CONTROL, "no-cache")
        .build();
  }
}
