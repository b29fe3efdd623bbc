package dev.docket.task.api;

import dev.docket.auth.Caller;
import dev.docket.auth.Roles;
import dev.docket.document.DocumentService;
import dev.docket.document.DocumentView;
import dev.docket.http.RequestBodyReader;
import dev.docket.http.batch.ArrayBatch;
import dev.docket.http.batch.ArrayItems;
import dev.docket.http.batch.BatchOperation;
import dev.docket.http.batch.BatchResponse;
import dev.docket.http.batch.NdjsonBatch;
import dev.docket.http.idempotency.IdempotencyKey;
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
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Tasks over HTTP: submitting, reading, and what people may ask of them. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class TaskResource {

  /** The most items of a batch as an array; longer ones come as lines. */
  private static final int MAX_ITEMS = 10_000;

  private final TaskService tasks;
  private final Submissions submissions;
  private final DocumentService documents;
  private final RequestBodyReader bodies;
  private final ArrayBatch array;
  private final NdjsonBatch lines;

  public TaskResource(
      TaskService tasks,
      Submissions submissions,
      DocumentService documents,
      RequestBodyReader bodies,
      ArrayBatch array,
      NdjsonBatch lines) {
    this.tasks = tasks;
    this.submissions = submissions;
    this.documents = documents;
    this.bodies = bodies;
    this.array = array;
    this.lines = lines;
  }

  /** Assigns a task to one document (201) or to several (200, with what became of each). */
  @POST
  @Path("task")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public CompletionStage<Response> submit(
      @Auth Caller who,
      @HeaderParam(IdempotencyKey.HEADER) List<String> key,
      @NotNull @Valid NewTask body) {
    List<CompletionStage<Task>> made =
        submissions.submit(body, who.name(), IdempotencyKey.read(who.name(), key));
    return body.documentId().many()
        ? BatchResponse.of(made, TaskView::of).thenApply(answer -> Response.ok(answer).build())
        : made.get(0).thenApply(TaskResource::created);
  }

  private static Response created(Task task) {
    return Response.created(URI.create("/task/" + task.id())).entity(TaskView.of(task)).build();
  }

  /** Many different ones. */
  @POST
  @Path("tasks")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public StreamingOutput submitAll(
      @Auth Caller who, @HeaderParam(IdempotencyKey.HEADER) List<String> sent, InputStream body) {
    BatchOperation submit = act(who, sent);
    ArrayItems items = array.read(body, MAX_ITEMS, "tasks");
    return out -> array.run(items, out, submit);
  }

  /** Any number: a line of JSON in, a line out for each document that it names. */
  @POST
  @Path("tasks")
  @Consumes(NdjsonBatch.NDJSON)
  @Produces(NdjsonBatch.NDJSON)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public StreamingOutput submitLines(
      @Auth Caller who, @HeaderParam(IdempotencyKey.HEADER) List<String> sent, InputStream body) {
    BatchOperation submit = act(who, sent);
    return out -> lines.run(body, out, submit);
  }

  private BatchOperation act(Caller who, List<String> sent) {
    Optional<IdempotencyKey> key = IdempotencyKey.read(who.name(), sent);
    return item -> {
      NewTask asked = item.read(bodies, NewTask.class);
      return submissions.submit(asked, who.name(), key.map(k -> k.at(item.index()))).stream()
          .map(made -> made.thenApply(TaskView::of))
          .toList();
    };
  }

  /** One task. */
  @GET
  @Path("task/{id}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  public CompletionStage<TaskView> get(@PathParam("id") TaskId id) {
    return tasks.get(id).thenApply(TaskView::of);
  }

  /** Its document, as it is now. */
  @GET
  @Path("task/{id}/document")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  public CompletionStage<DocumentView> document(@PathParam("id") TaskId id) {
    return tasks
        .get(id)
        .thenCompose(task -> documents.get(task.spec().document().id()))
        .thenApply(DocumentView::of);
  }

  /** Its last moves, oldest first. */
  @GET
  @Path("task/{id}/history")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  public CompletionStage<List<Transition>> history(@PathParam("id") TaskId id) {
    return tasks.get(id).thenApply(Task::history);
  }

  /** Deletes it, and soon its results; who waits for it is told that it failed. */
  @DELETE
  @Path("task/{id}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public CompletionStage<Response> delete(@Auth Caller who, @PathParam("id") TaskId id) {
    return tasks
        .get(id)
        .thenCompose(task -> tasks.execute(id, new Command.Delete(who.name())))
        .thenApply(decision -> Response.noContent().build());
  }

  /** Runs it again if it has failed; else it stays as it is. */
  @POST
  @Path("task/{id}/retry")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public CompletionStage<TaskView> retry(@Auth Caller who, @PathParam("id") TaskId id) {
    return ask(id, new Command.Retry(who.name()));
  }

  /** Runs it again in any case, whatever it is doing and whatever it waits for. */
  @POST
  @Path("task/{id}/forceretry")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public CompletionStage<TaskView> forceRetry(@Auth Caller who, @PathParam("id") TaskId id) {
    return ask(id, new Command.ForceRetry(who.name()));
  }

  /** Back to the beginning; waits for its dependencies if they have not succeeded. */
  @POST
  @Path("task/{id}/reset")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public CompletionStage<TaskView> reset(@Auth Caller who, @PathParam("id") TaskId id) {
    return ask(id, new Command.Reset(who.name()));
  }

  /** Stops it: at once while it waits; while it runs, its worker is asked. Again is the same. */
  @POST
  @Path("task/{id}/cancel")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public CompletionStage<TaskView> cancel(@Auth Caller who, @PathParam("id") TaskId id) {
    return ask(id, new Command.Cancel(who.name()));
  }

  private CompletionStage<TaskView> ask(TaskId id, Command command) {
    return tasks.execute(id, command).thenApply(IllegalTransition::orTask).thenApply(TaskView::of);
  }
}
