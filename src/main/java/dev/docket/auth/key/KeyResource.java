package dev.docket.auth.key;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.docket.auth.Caller;
import dev.docket.auth.Roles;
import dev.docket.http.InvalidRequest;
import dev.docket.http.RequestOrigin;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Creates, lists and revokes API keys. */
@Path("/keys")
@Produces(MediaType.APPLICATION_JSON)
public final class KeyResource {

  private final KeyService keys;

  public KeyResource(KeyService keys) {
    this.keys = keys;
  }

  /** The response to a creation, the only one that contains the key. */
  public record CreatedKey(@JsonUnwrapped KeyView view, String key) {}

  /** Creates a key. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Roles.ADMIN)
  public CompletionStage<Response> create(
      @Auth Caller who,
      @NotNull @Valid NewManagedKey body,
      @Context ContainerRequestContext request) {
    return keys.create(who, RequestOrigin.of(request), body)
        .thenApply(
            created ->
                Response.created(URI.create("keys/" + created.key().id()))
                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                    .entity(new CreatedKey(created.key(), created.text()))
                    .build());
  }

  /** Lists the keys: the configured ones, then the managed ones. */
  @GET
  @RolesAllowed(Roles.ADMIN)
  public KeyService.Page list(
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @DefaultValue("100") int limit) {
    InvalidRequest.requireBetween("limit", limit, 1, KeyService.MAX_PAGE);
    return keys.list(after, limit);
  }

  /** Reads a key. */
  @GET
  @Path("{id}")
  @RolesAllowed(Roles.ADMIN)
  public CompletionStage<KeyView> get(@PathParam("id") String id) {
    return keys.find(id);
  }

  /** Revokes a key; does nothing if it is revoked already. */
  @DELETE
  @Path("{id}")
  @RolesAllowed(Roles.ADMIN)
  public CompletionStage<Response> revoke(
      @Auth Caller who, @PathParam("id") String id, @Context ContainerRequestContext request) {
    return keys.revoke(who, RequestOrigin.of(request), id)
        .thenApply(revoked -> Response.noContent().build());
  }
}
