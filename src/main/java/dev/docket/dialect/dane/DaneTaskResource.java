package dev.docket.dialect.dane;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.audit.Actor;
import dev.docket.auth.Caller;
import dev.docket.auth.Changes;
import dev.docket.auth.OwnedRecord;
import dev.docket.auth.Roles;
import dev.docket.auth.Sees;
import dev.docket.concurrent.Stages;
import dev.docket.document.DocumentService;
import dev.docket.http.ChangesByGet;
import dev.docket.http.RequestOrigin;
import dev.docket.task.AuditedTasks;
import dev.docket.task.IllegalTransition;
import dev.docket.task.NewTask;
import dev.docket.task.Submissions;
import dev.docket.task.Task;
import dev.docket.task.TaskExists;
import dev.docket.task.TaskId;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskService;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.InputStream;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** DANE's {@code /task/}: assign, show, delete and run again. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public final class DaneTaskResource {

  /** How often an assignment is repeated while the task before is being deleted: for 5 seconds. */
  private static final int MAX_REPEATS = 50;

  private static final Executor REPEAT_TIMER =
      CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);

  private final TaskService tasks;
  private final AuditedTasks audited;
  private final Submissions submissions;
  private final DocumentService documents;
  private final DaneStates states;
  private final DaneBodies bodies;
  private final DaneBatch batch;
  private final ObjectMapper mapper;

  DaneTaskResource(
      TaskService tasks,
      AuditedTasks audited,
      Submissions submissions,
      DocumentService documents,
      DaneStates states,
      DaneBodies bodies,
      DaneBatch batch,
      ObjectMapper mapper) {
    this.tasks = tasks;
    this.audited = audited;
    this.submissions = submissions;
    this.documents = documents;
    this.states = states;
    this.bodies = bodies;
    this.batch = batch;
    this.mapper = mapper;
  }

  /** Assigns a task to one document (201), or to several (200, with the outcome of each). */
  @POST
  @Path("task")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public CompletionStage<Response> assign(@Auth Caller who, InputStream body) {
    DaneAssignment asked = DaneAssignment.read(bodies.json(body), mapper);
    if (!asked.many()) {
      return assign(asked, asked.documents().get(0), who, MAX_REPEATS)
          .thenApply(made -> Response.status(Response.Status.CREATED).entity(made).build());
    }
    StreamingOutput outcome =
        out ->
            batch.run(
                out,
                asked.documents(),
                id -> assign(asked, id, who, MAX_REPEATS),
                DaneTaskResource::failure);
    return CompletableFuture.completedStage(Response.ok(outcome).build());
  }

  /** Repeats an assignment whose task is being deleted: in DANE a deleted task is gone at once. */
  private CompletionStage<DaneTask> assign(
      DaneAssignment asked, String document, Caller who, int repeats) {
    NewTask task = asked.on(document).orElseThrow(() -> DaneRefusal.unknownDocument(document));
    return submissions
        .submit(task, who)
        .get(0)
        .thenApply(made -> DaneTask.of(DaneStates.created(made)))
        .exceptionallyCompose(
            failure -> {
              if (DaneParameters.isNotFound(failure)) {
                throw DaneRefusal.unknownDocument(document);
              }
              Throwable cause = Stages.cause(failure);
              if (cause instanceof TaskExists exists
                  && exists.existing().deleted()
                  && repeats > 0) {
                return CompletableFuture.supplyAsync(() -> repeats - 1, REPEAT_TIMER)
                    .thenCompose(left -> assign(asked, document, who, left));
              }
              if (cause instanceof TaskExists) {
                throw DaneRefusal.conflict(
                    "Task `%s` already assigned to document `%s`".formatted(asked.key(), document));
              }
              return CompletableFuture.failedStage(cause);
            });
  }

  private record FailedAssignment(String documentId, String error) {}

  /** DANE lists unknown documents before the others, and quotes Python's exception. */
  private static DaneBatch.Failure failure(String document, Throwable cause) {
    boolean unknown = DaneParameters.isNotFound(cause);
    String message = DaneBatch.message(cause);
    String error = unknown ? "[404] '" + message + "'" : message;
    return new DaneBatch.Failure(unknown, new FailedAssignment(document, error));
  }

  /** Shows a task. */
  @GET
  @Path("task/{id}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  @Sees(OwnedRecord.TASK)
  public CompletionStage<DaneTask> get(@PathParam("id") TaskId id) {
    return tasks.get(id).thenCompose(states::show).thenApply(DaneTask::of);
  }

  /** Deletes a task, with its results. */
  @DELETE
  @Path("task/{id}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  @Changes(OwnedRecord.TASK)
  public CompletionStage<Response> delete(
      @Auth Caller who, @PathParam("id") TaskId id, @Context ContainerRequestContext request) {
    return execute(who, request, id, new Command.Delete(who.name()))
        .thenApply(task -> DaneResponses.empty());
  }

  /** Deletes a task, as DANE 0.2 did. */
  @GET
  @ChangesByGet
  @Path("task/{id}/delete")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  @Changes(OwnedRecord.TASK)
  public CompletionStage<Response> deleteByGet(
      @Auth Caller who, @PathParam("id") TaskId id, @Context ContainerRequestContext request) {
    return delete(who, id, request);
  }

  /** Shows the document of a task. */
  @GET
  @Path("task/{id}/document")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  @Sees(OwnedRecord.TASK)
  public CompletionStage<DaneDocument> document(@Auth Caller who, @PathParam("id") TaskId id) {
    return tasks
        .get(id)
        .thenCompose(task -> documents.get(task.spec().document().id(), who.sees()))
        .thenApply(DaneDocument::of);
  }

  /** Runs a task again: {@code retry}, {@code forceretry} or {@code reset}, in any case. */
  @POST
  @Path("task/{id}/{action}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  @Changes(OwnedRecord.TASK)
  public CompletionStage<DaneTask> act(
      @Auth Caller who,
      @PathParam("id") TaskId id,
      @PathParam("action") String action,
      @Context ContainerRequestContext request) {
    Command.FromPrincipal command = command(action, who.name());
    return execute(who, request, id, command)
        .thenCompose(task -> show(task, command))
        .thenApply(DaneTask::of);
  }

  /** Executes a command. A task that was deleted before does not exist for DANE's clients. */
  private CompletionStage<Task> execute(
      Caller who, ContainerRequestContext request, TaskId id, Command.FromPrincipal command) {
    return audited
        .execute(Actor.of(who, RequestOrigin.of(request)), id, command)
        .thenApply(
            decision -> {
              if (decision.task().deleted() && !(decision instanceof Decision.Changed)) {
                throw new TaskNotFound(id);
              }
              return IllegalTransition.taskOrThrow(decision);
            });
  }

  /** After a retry DANE shows the task as queued, although the broker has yet to confirm it. */
  private CompletionStage<DaneStates.ShownTask> show(Task task, Command command) {
    boolean sent =
        !(command instanceof Command.Reset)
            && task.state() == TaskState.CREATED
            && !task.run().isManual()
            && task.run().dueAt() == null;
    return sent ? CompletableFuture.completedStage(DaneStates.queued(task)) : states.show(task);
  }

  /** Runs a task again, as DANE's web page asks for it. */
  @GET
  @ChangesByGet
  @Path("task/{id}/{action}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  @Changes(OwnedRecord.TASK)
  public CompletionStage<DaneTask> actByGet(
      @Auth Caller who,
      @PathParam("id") TaskId id,
      @PathParam("action") String action,
      @Context ContainerRequestContext request) {
    return act(who, id, action, request);
  }

  private static Command.FromPrincipal command(String action, String by) {
    return switch (action.toLowerCase(Locale.ROOT)) {
      case "retry" -> new Command.RetryNow(by);
      case "forceretry" -> new Command.ForceRetry(by);
      case "reset" -> new Command.Reset(by);
      default ->
          throw DaneRefusal.invalid(
              "action must be retry, forceretry or reset (was " + action + ")");
    };
  }
}
