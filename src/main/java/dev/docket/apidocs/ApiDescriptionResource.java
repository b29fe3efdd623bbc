package dev.docket.apidocs;

import dev.docket.http.EntityTags;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
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
  public Response get(@HeaderParam(HttpHeaders.IF_NONE_MATCH) List<String> ifNoneMatch) {
    Asset description = asset.get();
    Optional<EntityTags> known = EntityTags.read(HttpHeaders.IF_NONE_MATCH, ifNoneMatch);
    return (description.isKnown(known) ? Response.notModified() : Response.ok(description.bytes()))
        .header(HttpHeaders.ETAG, description.tag())
        .header(HttpHeaders.CACHE_CONTROL, "no-cache")
        .build();
  }
}
