package dev.docket.dialect.dane;

import static dev.docket.search.TextPattern.literal;

import dev.docket.audit.Actor;
import dev.docket.auth.Caller;
import dev.docket.auth.Roles;
import dev.docket.broker.Census;
import dev.docket.concurrent.Stages;
import dev.docket.dialect.dane.DaneStates.ShownTask;
import dev.docket.http.ChangesByGet;
import dev.docket.http.Problem;
import dev.docket.http.RequestOrigin;
import dev.docket.search.Hits;
import dev.docket.search.Page;
import dev.docket.search.SearchQuery;
import dev.docket.search.TaskSearch;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/** DANE's {@code /workers/}: the queues of workers, the failed tasks of a key and their reset. */
@Path("/workers")
@Produces(MediaType.APPLICATION_JSON)
public final class DaneWorkersResource {

  private static final int MAX_SHOWN = 20;

  /** The states that are never shown as 102, 200, 201 or 412. */
  private static final List<TaskState> LISTED =
      Stream.of(TaskState.values())
          .filter(
              state ->
                  (state.isFailed() && state != TaskState.FAILED_DEPENDENCY)
                      || state == TaskState.NO_ROUTE_TO_QUEUE
                      || state == TaskState.TASK_RESET)
          .toList();

  private final Census census;
  private final TaskSearch search;
  private final DaneStates states;
  private final DaneReset reset;

  DaneWorkersResource(Census census, TaskSearch search, DaneStates states, DaneReset reset) {
    this.census = census;
    this.search = search;
    this.states = states;
    this.reset = reset;
  }

  /**
   * A queue of workers.
   *
   * @param activeWorkers the number of its consumers
   * @param inQueue the number of its messages, including unacknowledged ones
   */
  record WorkerQueue(String name, int activeWorkers, long inQueue) {}

  /** The failed tasks of a key: how many, and those that changed last. */
  record Failed(long total, List<DaneTask> tasks) {}

  /**
   * The outcome of a mass reset.
   *
   * @param total the number of tasks that were reset
   * @param error never null: DANE's web page reads its length
   */
  record MassResetOutcome(long total, String error) {}

  /** Lists the queues that workers consume from. */
  @GET
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public List<WorkerQueue> queues() {
    if (census == Census.NONE) {
      throw new WebApplicationException(Response.Status.METHOD_NOT_ALLOWED);
    }
    return census.queues().stream()
        .map(q -> new WorkerQueue(q.name(), q.consumers(), q.ready() + q.unacknowledged()))
        .toList();
  }

  /** Lists the failed tasks of a key. Any queue name may be asked for. */
  @GET
  @Path("{key}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public Failed failed(@Auth Caller who, @PathParam("key") String key) {
    return DaneParameters.key(key)
        .map(known -> failed(known, who))
        .orElseGet(() -> new Failed(0, List.of()));
  }

  private Failed failed(TaskKey key, Caller who) {
    SearchQuery ofKey =
        SearchQuery.everything()
            .where("key", literal(key.value()))
            .of(who.sees())
            .sorted(new SearchQuery.Sort("updated_at", true))
            .fresh(true);
    Page<Task> found =
        search.search(
            ofKey.where("state", DaneReset.patterns(LISTED)).size(MAX_SHOWN).countAll(true));
    List<ShownTask> shown = new ArrayList<>(show(found.hits()));
    long total = found.total() + addBlocked(ofKey, shown);
    shown.sort(Comparator.comparing((ShownTask task) -> task.task().updatedAt()).reversed());
    return new Failed(total, shown.stream().limit(MAX_SHOWN).map(DaneTask::of).toList());
  }

  /**
   * Counts the tasks with failed dependencies that are not shown as 412, and adds the latest.
   * Whether one is depends on other records, so all of them are read.
   */
  private long addBlocked(SearchQuery ofKey, List<ShownTask> shown) {
    SearchQuery blocked =
        ofKey.where("state", DaneReset.patterns(List.of(TaskState.FAILED_DEPENDENCY)));
    long total = 0;
    try (Hits<Task> hits = search.all(blocked)) {
      for (List<Task> page = hits.next(); !page.isEmpty(); page = hits.next()) {
        for (ShownTask task : show(page)) {
          if (task.state() != DaneStates.WAITING_FOR_DEPENDENCY) {
            if (total < MAX_SHOWN) {
              shown.add(task);
            }
            total++;
          }
        }
      }
    }
    return total;
  }

  private List<ShownTask> show(List<Task> tasks) {
    return states.show(tasks).toCompletableFuture().join();
  }

  /** Resets the tasks of a key that are shown as 500. */
  @GET
  @ChangesByGet
  @Path("{key}/reset")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public MassResetOutcome reset(
      @Auth Caller who, @PathParam("key") String key, @Context ContainerRequestContext request) {
    return reset(who, key, String.valueOf(DaneStates.FAILED), request);
  }

  /** Resets the tasks of a key that are shown with this number. Failures are told in the body. */
  @GET
  @ChangesByGet
  @Path("{key}/reset/{state}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public MassResetOutcome reset(
      @Auth Caller who,
      @PathParam("key") String key,
      @PathParam("state") String state,
      @Context ContainerRequestContext request) {
    Optional<Integer> number = DaneParameters.parsed(state, Integer::valueOf);
    if (number.isEmpty()) {
      return new MassResetOutcome(0, "state must be a number (was " + state + ")");
    }
    Optional<TaskKey> known = DaneParameters.key(key);
    try {
      long total =
          known.isEmpty()
              ? 0
              : reset.reset(
                  Actor.of(who, RequestOrigin.of(request)),
                  known.orElseThrow(),
                  number.orElseThrow(),
                  who);
      return new MassResetOutcome(total, total == 0 ? "No tasks affected" : "");
    } catch (Problem | CompletionException failure) {
      return new MassResetOutcome(0, DaneBatch.message(Stages.cause(failure)));
    }
  }
}
