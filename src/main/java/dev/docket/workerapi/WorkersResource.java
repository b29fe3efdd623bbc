package dev.docket.workerapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.docket.auth.Caller;
import dev.docket.auth.Roles;
import dev.docket.broker.BrokerUnavailable;
import dev.docket.broker.Census;
import dev.docket.http.InvalidRequest;
import dev.docket.store.Versioned;
import dev.docket.task.Lease;
import dev.docket.task.MassReset;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.task.TaskStore;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Who works, from the workers' reports, the leases in the store and the broker's queues. */
@Path("/workers")
@Produces(MediaType.APPLICATION_JSON)
public final class WorkersResource {

  private static final int PAGE_SIZE = 1000;

  /** Of more leases than this the rest is not counted. */
  private static final int MAX_LEASES = 20_000;

  private final WorkerRegistry registry;
  private final TaskStore.Sweeps sweeps;
  private final Census census;
  private final MassReset massReset;

  public WorkersResource(
      WorkerRegistry registry, TaskStore.Sweeps sweeps, Census census, MassReset massReset) {
    this.registry = registry;
    this.census = census;
    this.sweeps = sweeps;
    this.massReset = massReset;
  }

  /**
   * All workers.
   *
   * @param queues the queues of workers, also of those that do not report; null if nobody counts
   * @param census who counts: {@code management}, or {@code none}
   * @param censusReason why nobody does
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Workers(
      List<Worker> workers,
      @Nullable List<WorkerQueue> queues,
      String census,
      @Nullable String censusReason) {}

  /**
   * One worker; what it has not said of itself is left out.
   *
   * @param leases how many tasks it holds, by key
   * @param lastSeen when a server last heard it; left out if none has lately
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

  /** All of them. */
  @GET
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public Workers all() {
    return workers(null);
  }

  /** Those who say that they work on this key, or hold a task of it. */
  @GET
  @Path("{key}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public Workers ofKey(@PathParam("key") TaskKey key) {
    return workers(key);
  }

  /** How many tasks a mass reset has begun anew. */
  public record MassResetAnswer(long total) {}

  /** Begins all tasks of the key anew that are in this state. */
  @POST
  @Path("{key}/reset/{state}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public MassResetAnswer reset(
      @Auth Caller who, @PathParam("key") TaskKey key, @PathParam("state") String state) {
    return new MassResetAnswer(massReset.reset(key, state(state), who.name()));
  }

  private static TaskState state(String text) {
    try {
      return TaskState.ofNumber(Integer.parseInt(text));
    } catch (NumberFormatException noNumber) {
      throw InvalidRequest.field("state", "must be a state's number, as 500");
    } catch (IllegalArgumentException noState) {
      throw InvalidRequest.field("state", String.valueOf(noState.getMessage()));
    }
  }

  private Workers workers(@Nullable TaskKey key) {
    List<KnownWorker> known = registry.all();
    List<Worker> chosen =
        withLeases(known).stream().filter(worker -> key == null || isOf(worker, key)).toList();
    try {
      List<WorkerQueue> queues =
          census.queues().stream()
              .filter(q -> key == null || WorkerQueue.ofKey(key.value()).anyMatch(q::takes))
              .map(queue -> WorkerQueue.of(queue, known))
              .toList();
      return new Workers(chosen, queues, "management", null);
    } catch (BrokerUnavailable unavailable) {
      return new Workers(chosen, null, "none", unavailable.getMessage());
    }
  }

  private static boolean isOf(Worker worker, TaskKey key) {
    return worker.leases().containsKey(key.value())
        || (worker.keys() != null && worker.keys().contains(key.value()));
  }

  private Collection<Worker> withLeases(List<KnownWorker> known) {
    Map<String, Map<String, Integer>> leases = leases();
    Map<String, Worker> workers = new TreeMap<>();
    for (KnownWorker worker : known) {
      Map<String, Integer> held = leases.getOrDefault(worker.name(), Map.of());
      workers.put(worker.name(), worker(worker, held));
    }
    leases.forEach(
        (name, held) ->
            workers.putIfAbsent(
                name, new Worker(name, null, null, null, null, null, null, held, null)));
    return workers.values();
  }

  private static Worker worker(KnownWorker known, Map<String, Integer> held) {
    return new Worker(
        known.name(),
        known.host(),
        known.version(),
        known.keys(),
        known.types(),
        known.concurrency(),
        known.running(),
        held,
        known.lastSeen());
  }

  private Map<String, Map<String, Integer>> leases() {
    Map<String, Map<String, Integer>> leases = new TreeMap<>();
    TaskId after = null;
    int counted = 0;
    List<Versioned<Task>> page;
    do {
      page = sweeps.running(after, PAGE_SIZE);
      for (Versioned<Task> found : page) {
        Lease lease = found.value().lease();
        if (lease != null) {
          leases
              .computeIfAbsent(lease.worker(), name -> new TreeMap<>())
              .merge(found.value().key().value(), 1, Integer::sum);
        }
        after = found.value().id();
      }
      counted += page.size();
    } while (page.size() == PAGE_SIZE && counted < MAX_LEASES);
    return leases;
  }
}
