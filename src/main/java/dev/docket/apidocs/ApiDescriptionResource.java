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
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** HTTP resource for the OpenAPI description. Requires no API key. */
@Path("/openapi.json")
@Produces(MediaType.APPLICATION_JSON)
public final class ApiDescriptionResource {

  private final Supplier<ApiDescription> supplier;
  private byte @Nullable [] description;

  /**
   * Creates the resource.
   *
   * @param description supplies the description on the first request, so that it does not delay the
   *     start
   */
  public ApiDescriptionResource(Supplier<ApiDescription> description) {
    this.supplier = description;
  }

  /** Returns the description, or 304 if the client already has it. */
  @GET
  @PermitAll
  public Response get(@Context Request request) {
    byte[] bytes = description();
    EntityTag tag = new EntityTag(UUID.nameUUIDFromBytes(bytes).toString());
    Response.@Nullable ResponseBuilder known = request.evaluatePreconditions(tag);
    return (known == null ? Response.ok(bytes) : known)
        .tag(tag)
        .header(HttpHeaders.CACHE_CONTROL, "no-cache")
        .build();
  }

  private synchronized byte[] description() {
    if (description == null) {
      description = supplier.get().bytes();
    }
    return description;
  }
}
