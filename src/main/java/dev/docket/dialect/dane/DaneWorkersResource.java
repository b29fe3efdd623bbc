package dev.docket.dialect.dane;

import static dev.docket.search.TextPattern.literal;

import dev.docket.auth.Caller;
import dev.docket.auth.Roles;
import dev.docket.broker.Census;
import dev.docket.search.Page;
import dev.docket.search.SearchQuery;
import dev.docket.search.TaskSearch;
import dev.docket.search.TextPattern;
import dev.docket.task.MassReset;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.stream.Stream;

/** DANE's workers: their queues, what failed of a key, and beginning that anew. */
@Path("/DANE/workers")
@Produces(MediaType.APPLICATION_JSON)
public final class DaneWorkersResource {

  private static final int MAX_SHOWN = 20;

  /** Besides ends without success also 422, with which DANE's tasks ended. */
  private static final List<TextPattern> ERRORS =
      Stream.of(TaskState.values())
          .filter(state -> state.isFailed() || state == TaskState.NO_ROUTE_TO_QUEUE)
          .map(state -> literal(String.valueOf(state.number())))
          .toList();

  private final Census census;
  private final TaskSearch search;
  private final MassReset massReset;

  DaneWorkersResource(Census census, TaskSearch search, MassReset massReset) {
    this.census = census;
    this.search = search;
    this.massReset = massReset;
  }

  /**
   * A queue of workers.
   *
   * @param activeWorkers its consumers
   * @param inQueue its messages, those in the hands of workers too
   */
  record WorkerQueue(String name, int activeWorkers, long inQueue) {}

  /** The tasks of a key that are in an error state, the last to change first. */
  record Failed(long total, List<DaneTask> tasks) {}

  /**
   * What became of a mass reset.
   *
   * @param total how many were reset
   * @param error empty if any was
   */
  record MassResetAnswer(long total, String error) {}

  /** All queues that workers take tasks from. */
  @GET
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public List<WorkerQueue> queues() {
    return census.queues().stream()
        .map(q -> new WorkerQueue(q.name(), q.consumers(), q.ready() + q.unacknowledged()))
        .toList();
  }

  /** What failed of a key. */
  @GET
  @Path("{key}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public Failed failed(@PathParam("key") TaskKey key) {
    Page<Task> found =
        search.search(
            SearchQuery.everything()
                .where("key", literal(key.value()))
                .where("state", ERRORS)
                .sorted(new SearchQuery.Sort("updated_at", true))
                .size(MAX_SHOWN)
                .countAll(true)
                .fresh(true));
    return new Failed(found.total(), found.hits().stream().map(DaneTask::of).toList());
  }

  /** Begins those anew that ended with 500. */
  @GET
  @Path("{key}/reset")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public MassResetAnswer reset(@Auth Caller who, @PathParam("key") TaskKey key) {
    return reset(who, key, TaskState.ERROR);
  }

  /** Begins those anew that are in this state. */
  @GET
  @Path("{key}/reset/{state}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public MassResetAnswer reset(
      @Auth Caller who, @PathParam("key") TaskKey key, @PathParam("state") String state) {
    return reset(who, key, state(state));
  }

  private MassResetAnswer reset(Caller who, TaskKey key, TaskState state) {
    long total = massReset.reset(key, state, who.name());
    return new MassResetAnswer(total, total == 0 ? "No tasks affected" : "");
  }

  private static TaskState state(String text) {
    try {
      return TaskState.ofNumber(Integer.parseInt(text));
    } catch (NumberFormatException noNumber) {
      throw DaneRefusal.invalid("state: must be a number");
    } catch (IllegalArgumentException noState) {
      throw DaneRefusal.invalid("state: " + noState.getMessage());
    }
  }
}
