package dev.docket.task.api;

import dev.docket.audit.Actor;
import dev.docket.auth.Caller;
import dev.docket.auth.Changes;
import dev.docket.auth.OwnedRecord;
import dev.docket.auth.Roles;
import dev.docket.auth.Sees;
import dev.docket.document.DocumentService;
import dev.docket.document.DocumentView;
import dev.docket.http.RequestBodyReader;
import dev.docket.http.RequestOrigin;
import dev.docket.http.batch.ArrayBatch;
import dev.docket.http.batch.ArrayItems;
import dev.docket.http.batch.BatchOperation;
import dev.docket.http.batch.BatchResponse;
import dev.docket.http.batch.NdjsonBatch;
import dev.docket.http.idempotency.IdempotencyKey;
import dev.docket.task.AuditedTasks;
import dev.docket.task.IllegalTransition;
import dev.docket.task.NewTask;
import dev.docket.task.Submissions;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskService;
import dev.docket.task.Transition;
import dev.docket.task.machine.Command;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
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
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** HTTP resource for tasks: submit, read, retry, reset, cancel and delete. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class TaskResource {

  /** The maximum number of items in a JSON array; larger batches are sent as NDJSON. */
  private static final int MAX_ITEMS = 10_000;

  private final TaskService tasks;
  private final AuditedTasks audited;
  private final Submissions submissions;
  private final DocumentService documents;
  private final RequestBodyReader bodies;
  private final ArrayBatch array;
  private final NdjsonBatch lines;

  public TaskResource(
      TaskService tasks,
      AuditedTasks audited,
      Submissions submissions,
      DocumentService documents,
      RequestBodyReader bodies,
      ArrayBatch array,
      NdjsonBatch lines) {
    this.tasks = tasks;
    this.audited = audited;
    this.submissions = submissions;
    this.documents = documents;
    this.bodies = bodies;
    this.array = array;
    this.lines = lines;
  }

  /** Assigns a task to one document (201) or to several (200, with an outcome for each). */
  @POST
  @Path("task")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public CompletionStage<Response> submit(
      @Auth Caller caller,
      @HeaderParam(IdempotencyKey.HEADER) List<String> key,
      @NotNull @Valid NewTask body) {
    List<CompletionStage<Task>> submitted =
        submissions.submit(body, caller, IdempotencyKey.read(caller.name(), key));
    return body.documentId().many()
        ? BatchResponse.of(submitted, TaskView::of)
            .thenApply(response -> Response.ok(response).build())
        : submitted.get(0).thenApply(TaskResource::created);
  }

  private static Response created(Task task) {
    return Response.created(URI.create("/task/" + task.id())).entity(TaskView.of(task)).build();
  }

  /** Submits a batch of tasks as a JSON array. */
  @POST
  @Path("tasks")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public StreamingOutput submitAll(
      @Auth Caller caller,
      @HeaderParam(IdempotencyKey.HEADER) List<String> keyHeader,
      InputStream body) {
    BatchOperation submit = submitOperation(caller, keyHeader);
    ArrayItems items = array.read(body, MAX_ITEMS, "tasks");
    return out -> array.run(items, out, submit);
  }

  /** Submits any number of tasks as NDJSON; each document of a line gets a line of the response. */
  @POST
  @Path("tasks")
  @Consumes(NdjsonBatch.NDJSON)
  @Produces(NdjsonBatch.NDJSON)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public StreamingOutput submitLines(
      @Auth Caller caller,
      @HeaderParam(IdempotencyKey.HEADER) List<String> keyHeader,
      InputStream body) {
    BatchOperation submit = submitOperation(caller, keyHeader);
    return out -> lines.run(body, out, submit);
  }

  private BatchOperation submitOperation(Caller caller, List<String> keyHeader) {
    Optional<IdempotencyKey> key = IdempotencyKey.read(caller.name(), keyHeader);
    return item -> {
      NewTask request = item.read(bodies, NewTask.class);
      return submissions.submit(request, caller, key.map(k -> k.forItem(item.index()))).stream()
          .map(submitted -> submitted.thenApply(TaskView::of))
          .toList();
    };
  }

  /** Reads a task. */
  @GET
  @Path("task/{id}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  @Sees(OwnedRecord.TASK)
  public CompletionStage<TaskView> get(@PathParam("id") TaskId id) {
    return tasks.get(id).thenApply(TaskView::of);
  }

  /** Reads the current document of a task. */
  @GET
  @Path("task/{id}/document")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  @Sees(OwnedRecord.TASK)
  public CompletionStage<DocumentView> document(@Auth Caller caller, @PathParam("id") TaskId id) {
    return tasks
        .get(id)
        .thenCompose(task -> documents.get(task.spec().document().id(), caller.sees()))
        .thenApply(DocumentView::of);
  }

  /** Reads the last transitions of a task, oldest first. */
  @GET
  @Path("task/{id}/history")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  @Sees(OwnedRecord.TASK)
  public CompletionStage<List<Transition>> history(@PathParam("id") TaskId id) {
    return tasks.get(id).thenApply(Task::history);
  }

  /** Deletes a task, and its results soon after. For tasks that wait for it, it has failed. */
  @DELETE
  @Path("task/{id}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  @Changes(OwnedRecord.TASK)
  public CompletionStage<Response> delete(
      @Auth Caller caller, @PathParam("id") TaskId id, @Context ContainerRequestContext request) {
    return audited
        .execute(Actor.of(caller, RequestOrigin.of(request)), id, new Command.Delete(caller.name()))
        .thenApply(decision -> Response.noContent().build());
  }

  /** Runs a failed task again; does not change any other task. */
  @POST
  @Path("task/{id}/retry")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  @Changes(OwnedRecord.TASK)
  public CompletionStage<TaskView> retry(
      @Auth Caller caller, @PathParam("id") TaskId id, @Context ContainerRequestContext request) {
    return execute(caller, request, id, new Command.Retry(caller.name()));
  }

  /** Runs a task again from any state, ignoring its dependencies. */
  @POST
  @Path("task/{id}/forceretry")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  @Changes(OwnedRecord.TASK)
  public CompletionStage<TaskView> forceRetry(
      @Auth Caller caller, @PathParam("id") TaskId id, @Context ContainerRequestContext request) {
    return execute(caller, request, id, new Command.ForceRetry(caller.name()));
  }

  /** Resets a task; it waits for its dependencies if they have not succeeded. */
  @POST
  @Path("task/{id}/reset")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  @Changes(OwnedRecord.TASK)
  public CompletionStage<TaskView> reset(
      @Auth Caller caller, @PathParam("id") TaskId id, @Context ContainerRequestContext request) {
    return execute(caller, request, id, new Command.Reset(caller.name()));
  }

  /** Cancels a waiting task, or asks the worker of a running one to stop. Idempotent. */
  @POST
  @Path("task/{id}/cancel")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  @Changes(OwnedRecord.TASK)
  public CompletionStage<TaskView> cancel(
      @Auth Caller caller, @PathParam("id") TaskId id, @Context ContainerRequestContext request) {
    return execute(caller, request, id, new Command.Cancel(caller.name()));
  }

  private CompletionStage<TaskView> execute(
      Caller caller, ContainerRequestContext request, TaskId id, Command.FromPrincipal command) {
    return audited
        .execute(Actor.of(caller, RequestOrigin.of(request)), id, command)
        .thenApply(IllegalTransition::taskOrThrow)
        .thenApply(TaskView::of);
  }
}
