package dev.docket.service;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.auth.Caller;
import dev.docket.auth.Roles;
import dev.docket.http.EntityTags;
import dev.docket.http.InvalidRequest;
import dev.docket.http.MergePatch;
import dev.docket.http.RequestOrigin;
import dev.docket.http.idempotency.IdempotencyKey;
import dev.docket.task.Policies;
import dev.docket.task.TaskKey;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** HTTP resource for services. */
@Path("/services")
@Produces(MediaType.APPLICATION_JSON)
public final class ServiceResource {

  private static final int MAX_PAGE = 1_000;

  private final ServiceService services;
  private final ServiceRegistry registry;
  private final ServiceRequests requests;
  private final WorkerSightings workers;
  private final Policies policies;

  public ServiceResource(
      ServiceService services,
      ServiceRegistry registry,
      ServiceRequests requests,
      WorkerSightings workers,
      Policies policies) {
    this.services = services;
    this.registry = registry;
    this.requests = requests;
    this.workers = workers;
    this.policies = policies;
  }

  /**
   * A page of services.
   *
   * @param next the parameter {@code after} of the next page; null on the last page
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ServicePage(List<?> services, @Nullable String next) {}

  /** Creates a service. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Roles.ADMIN)
  public CompletionStage<Response> create(
      @Auth Caller caller,
      @HeaderParam(IdempotencyKey.HEADER) List<String> keys,
      @NotNull JsonNode body,
      @Context ContainerRequestContext request) {
    Optional<IdempotencyKey> key = IdempotencyKey.read(caller.name(), keys);
    ServiceRequests.NewService service = requests.create(body);
    return services
        .create(
            by(caller, request), service.slug(), service.spec(), key.map(k -> k.creationKey(body)))
        .thenApply(
            created ->
                with(Response.created(URI.create("/services/" + created.slug())), created).build());
  }

  private static ServiceService.Request by(Caller caller, ContainerRequestContext request) {
    return new ServiceService.Request(caller, RequestOrigin.of(request));
  }

  private static Response.ResponseBuilder with(Response.ResponseBuilder builder, Service service) {
    return builder
        .entity(ServiceView.of(service, null))
        .header(HttpHeaders.ETAG, ServiceTag.of(service));
  }

  /** Lists the services that meet the conditions, in the order of their slugs. */
  @GET
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  public ServicePage list(
      @QueryParam("q") @Nullable String text,
      @QueryParam("tag") @Nullable String tag,
      @QueryParam("key") @Nullable String key,
      @QueryParam("protocol") @Nullable String protocol,
      @QueryParam("health") @Nullable String health,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @DefaultValue("100") int limit) {
    InvalidRequest.requireBetween("limit", limit, 1, MAX_PAGE);
    ServiceQuery query = new ServiceQuery(text, tag, key, protocol, ServiceQuery.health(health));
    List<Service> found =
        from(after).values().stream()
            .filter(service -> query.matches(service, policies))
            .limit(limit + 1L)
            .toList();
    boolean isLast = found.size() <= limit;
    List<Service> page = isLast ? found : found.subList(0, limit);
    Map<TaskKey, Instant> seen = workers.lastSeen();
    return new ServicePage(
        page.stream().map(service -> ServiceView.of(service, seen.get(service.key()))).toList(),
        isLast ? null : page.get(limit - 1).slug().value());
  }

  /** The services after the last one of the previous page; all for the first page. */
  private NavigableMap<ServiceSlug, Service> from(@Nullable String after) {
    if (after == null) {
      return registry.all();
    }
    try {
      return registry.all().tailMap(ServiceSlug.fromString(after), false);
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.field("after", "must be the field next of the previous page");
    }
  }

  /** Returns a service. */
  @GET
  @Path("{slug}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  public CompletionStage<Response> get(@PathParam("slug") ServiceSlug slug) {
    Instant seen = workers.lastSeen().get(slug.key());
    return services
        .get(slug)
        .thenApply(
            service ->
                Response.ok(ServiceView.of(service, seen))
                    .header(HttpHeaders.ETAG, ServiceTag.of(service))
                    .build());
  }

  /** Replaces the description of a service if it matches {@code If-Match}. */
  @PUT
  @Path("{slug}")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Roles.ADMIN)
  public CompletionStage<Response> replace(
      @Auth Caller caller,
      @PathParam("slug") ServiceSlug slug,
      @HeaderParam(HttpHeaders.IF_MATCH) List<String> ifMatch,
      @NotNull JsonNode body,
      @Context ContainerRequestContext request) {
    return services
        .change(
            by(caller, request), slug, condition(ifMatch), before -> requests.replace(before, body))
        .thenApply(service -> with(Response.ok(), service).build());
  }

  /** Changes a service by a JSON merge patch if it matches {@code If-Match}. */
  @PATCH
  @Path("{slug}")
  @Consumes({MergePatch.MEDIA_TYPE, MediaType.APPLICATION_JSON})
  @RolesAllowed(Roles.ADMIN)
  public CompletionStage<Response> change(
      @Auth Caller caller,
      @PathParam("slug") ServiceSlug slug,
      @HeaderParam(HttpHeaders.IF_MATCH) List<String> ifMatch,
      @NotNull JsonNode body,
      @Context ContainerRequestContext request) {
    return services
        .change(
            by(caller, request), slug, condition(ifMatch), before -> requests.patch(before, body))
        .thenApply(service -> with(Response.ok(), service).build());
  }

  /** Deletes a service if it matches {@code If-Match}. Its tasks continue. */
  @DELETE
  @Path("{slug}")
  @RolesAllowed(Roles.ADMIN)
  public CompletionStage<Response> delete(
      @Auth Caller caller,
      @PathParam("slug") ServiceSlug slug,
      @HeaderParam(HttpHeaders.IF_MATCH) List<String> ifMatch,
      @Context ContainerRequestContext request) {
    return services
        .delete(by(caller, request), slug, condition(ifMatch))
        .thenApply(ignored -> Response.noContent().build());
  }

  /** Sets the health of a service, whose tasks wait unless it is available. */
  @PUT
  @Path("{slug}/health")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public CompletionStage<Response> setHealth(
      @Auth Caller caller,
      @PathParam("slug") ServiceSlug slug,
      @NotNull @Valid NewHealth body,
      @Context ContainerRequestContext request) {
    return services
        .setHealth(by(caller, request), slug, body)
        .thenApply(service -> with(Response.ok(), service).build());
  }

  private static Predicate<Service> condition(List<String> ifMatch) {
    Optional<EntityTags> required = EntityTags.read(HttpHeaders.IF_MATCH, ifMatch);
    return service ->
        required.isEmpty() || required.orElseThrow().matchStrongly(ServiceTag.of(service));
  }
}
