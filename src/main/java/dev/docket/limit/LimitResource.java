package dev.docket.limit;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.docket.auth.Caller;
import dev.docket.auth.Roles;
import dev.docket.http.InvalidRequest;
import dev.docket.http.RequestOrigin;
import dev.docket.task.TaskKey;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Shows and changes the limits of task keys. */
@Path("/limits")
@Produces(MediaType.APPLICATION_JSON)
public final class LimitResource {

  private static final int MAX_PAGE = 1_000;

  private final LimitService limits;

  public LimitResource(LimitService limits) {
    this.limits = limits;
  }

  /**
   * A page of limits.
   *
   * @param next where the next page begins; null on the last page
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Page(List<LimitView> limits, @Nullable TaskKey next) {}

  /** Lists the keys that have limits, or tasks that wait because of limits. */
  @GET
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  public Page list(
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @DefaultValue("100") int limit) {
    InvalidRequest.requireBetween("limit", limit, 1, MAX_PAGE);
    List<LimitView> found = limits.list(after == null ? null : key("after", after), limit + 1);
    boolean more = found.size() > limit;
    List<LimitView> page = more ? found.subList(0, limit) : found;
    return new Page(page, more ? page.get(limit - 1).key() : null);
  }

  /** Shows the limits of a key. */
  @GET
  @Path("{key}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  public CompletionStage<LimitView> get(@Auth Caller who, @PathParam("key") String key) {
    return limits.get(key("key", key), who.sees());
  }

  /** Replaces the limits of a key. */
  @PUT
  @Path("{key}")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Roles.ADMIN)
  public CompletionStage<LimitView> set(
      @Auth Caller who,
      @PathParam("key") String key,
      @NotNull @Valid NewLimits body,
      @Context ContainerRequestContext request) {
    return limits.set(request(who, key, request), body);
  }

  /** Applies the limits of the configuration again. */
  @DELETE
  @Path("{key}")
  @RolesAllowed(Roles.ADMIN)
  public CompletionStage<LimitView> reset(
      @Auth Caller who, @PathParam("key") String key, @Context ContainerRequestContext request) {
    return limits.reset(request(who, key, request));
  }

  /** Hands out no more tasks of a key. */
  @POST
  @Path("{key}/pause")
  @RolesAllowed(Roles.ADMIN)
  public CompletionStage<LimitView> pause(
      @Auth Caller who, @PathParam("key") String key, @Context ContainerRequestContext request) {
    return limits.pause(request(who, key, request));
  }

  /** Hands out tasks of a key again. */
  @POST
  @Path("{key}/resume")
  @RolesAllowed(Roles.ADMIN)
  public CompletionStage<LimitView> resume(
      @Auth Caller who, @PathParam("key") String key, @Context ContainerRequestContext request) {
    return limits.resume(request(who, key, request));
  }

  private static LimitService.Request request(
      Caller who, String key, ContainerRequestContext request) {
    return new LimitService.Request(who, RequestOrigin.of(request), key("key", key));
  }

  private static TaskKey key(String field, String text) {
    try {
      return TaskKey.fromString(text);
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.field(field, String.valueOf(e.getMessage()));
    }
  }
}
