package dev.docket.workers;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.docket.audit.Actor;
import dev.docket.auth.Caller;
import dev.docket.auth.Roles;
import dev.docket.broker.BrokerUnavailable;
import dev.docket.broker.Census;
import dev.docket.http.InvalidRequest;
import dev.docket.http.RequestOrigin;
import dev.docket.limit.LimitView;
import dev.docket.task.AuditedTasks;
import dev.docket.task.MassReset;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The known workers, from workers' reports, the leases in the store and the broker's queues. */
@Path("/workers")
@Produces(MediaType.APPLICATION_JSON)
public final class WorkerListResource {

  private final WorkerLoads loads;
  private final Census census;
  private final MassReset massReset;
  private final AuditedTasks audited;
  private final Function<Optional<TaskKey>, List<LimitView>> limits;

  public WorkerListResource(
      WorkerLoads loads,
      Census census,
      MassReset massReset,
      AuditedTasks audited,
      Function<Optional<TaskKey>, List<LimitView>> limits) {
    this.loads = loads;
    this.census = census;
    this.massReset = massReset;
    this.audited = audited;
    this.limits = limits;
  }

  /**
   * The workers and their queues.
   *
   * @param queues the queues of all workers, including those that do not report; null if the queues
   *     are not counted
   * @param limits the keys with limits, or with tasks that wait because of limits
   * @param census source of the queue statistics: {@code management} or {@code none}
   * @param censusReason why the queues are not counted
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Workers(
      List<Worker> workers,
      @Nullable List<WorkerQueue> queues,
      List<LimitView> limits,
      String census,
      @Nullable String censusReason) {}

  /**
   * One worker. A field that the worker has not reported is omitted.
   *
   * @param leases the number of leases that it holds, by task key
   * @param lastSeen time of its last request; omitted if there was none recently
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Worker(
      String name,
      @Nullable String host,
      @Nullable String version,
      @Nullable List<String> keys,
      @Nullable List<String> types,
      @Nullable Integer concurrency,
      @Nullable Integer running,
      Map<String, Integer> leases,
      @Nullable Instant lastSeen) {}

  /** Lists all workers. */
  @GET
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public Workers all() {
    return workers(null);
  }

  /** Lists the workers that work on this task key, or hold a lease of one of its tasks. */
  @GET
  @Path("{key}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public Workers ofKey(@PathParam("key") TaskKey key) {
    return workers(key);
  }

  /** The number of tasks that were reset. */
  public record MassResetResponse(long total) {}

  /** Resets all tasks of the key that are in this state. */
  @POST
  @Path("{key}/reset/{state}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public MassResetResponse reset(
      @Auth Caller caller,
      @PathParam("key") TaskKey key,
      @PathParam("state") String state,
      @Context ContainerRequestContext request) {
    TaskState from = state(state);
    return new MassResetResponse(
        audited.resetAll(
            Actor.of(caller, RequestOrigin.of(request)),
            key,
            from.number(),
            () -> massReset.reset(key, from, caller)));
  }

  private static TaskState state(String text) {
    try {
      return TaskState.ofNumber(Integer.parseInt(text));
    } catch (NumberFormatException e) {
      throw InvalidRequest.field("state", "must be the number of a state, such as 500");
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.field("state", String.valueOf(e.getMessage()));
    }
  }

  private Workers workers(@Nullable TaskKey key) {
    List<WorkerLoad> all = loads.all();
    List<Worker> workers =
        all.stream()
            .filter(load -> key == null || load.serves(key))
            .map(WorkerListResource::worker)
            .toList();
    List<LimitView> limited = limits.apply(Optional.ofNullable(key));
    List<KnownWorker> known = all.stream().map(WorkerLoad::known).filter(Objects::nonNull).toList();
    try {
      List<WorkerQueue> queues =
          census.queues().stream()
              .filter(
                  queue ->
                      key == null || WorkerQueue.routingKeys(key.value()).anyMatch(queue::receives))
              .map(queue -> WorkerQueue.of(queue, known))
              .toList();
      return new Workers(workers, queues, limited, "management", null);
    } catch (BrokerUnavailable e) {
      return new Workers(workers, null, limited, "none", e.getMessage());
    }
  }

  private static Worker worker(WorkerLoad load) {
    KnownWorker known = load.known();
    return known == null
        ? new Worker(load.name(), null, null, null, null, null, null, load.leasesByName(), null)
        : new Worker(
            known.name(),
            known.host(),
            known.version(),
            known.keys(),
            known.types(),
            known.concurrency(),
            known.running(),
            load.leasesByName(),
            known.lastSeen());
  }
}
