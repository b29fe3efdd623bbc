package dev.docket.manual;

import dev.docket.auth.Caller;
import dev.docket.auth.OwnedRecord;
import dev.docket.auth.Roles;
import dev.docket.auth.Sees;
import dev.docket.http.InvalidRequest;
import dev.docket.service.Services;
import dev.docket.task.TaskId;
import dev.docket.task.TaskService;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The lists of tasks for people, and the description of the form for the outputs of a task. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class ManualTaskResource {

  private final ManualTasks lists;
  private final TaskService tasks;
  private final Services services;

  public ManualTaskResource(ManualTasks lists, TaskService tasks, Services services) {
    this.lists = lists;
    this.tasks = tasks;
    this.services = services;
  }

  /** Lists open tasks that the caller sees and may claim. Blocks. */
  @GET
  @Path("manual/open")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public ManualList open(
      @Auth Caller caller,
      @QueryParam("key") @Nullable String key,
      @QueryParam("size") @Nullable Integer size,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("fresh") @Nullable String fresh) {
    return list(ManualQuery.open(caller).with(caller, key, size, cursor, isFresh(fresh)));
  }

  /** Lists the tasks that the caller has claimed. Blocks. */
  @GET
  @Path("manual/mine")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public ManualList mine(
      @Auth Caller caller,
      @QueryParam("worker") @Nullable String worker,
      @QueryParam("key") @Nullable String key,
      @QueryParam("size") @Nullable Integer size,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("fresh") @Nullable String fresh) {
    Person person =
        Person.of(caller, worker)
            .orElseThrow(
                () ->
                    InvalidRequest.field(
                        "worker",
                        "must be your name, because this server requires no credentials"));
    return list(ManualQuery.heldBy(person, caller).with(caller, key, size, cursor, isFresh(fresh)));
  }

  private static boolean isFresh(@Nullable String fresh) {
    if (fresh == null || fresh.equals("false")) {
      return false;
    }
    if (fresh.equals("true")) {
      return true;
    }
    throw InvalidRequest.field("fresh", "must be true or false");
  }

  private ManualList list(ManualQuery query) {
    ManualPage page = lists.page(query);
    return ManualList.of(page, lists.counts(query));
  }

  /** Describes the outputs that completing a task needs. */
  @GET
  @Path("task/{id}/form")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  @Sees(OwnedRecord.TASK)
  public CompletionStage<TaskForm> form(@PathParam("id") TaskId id) {
    return tasks.get(id).thenApply(task -> TaskForm.of(task.key(), services));
  }
}
