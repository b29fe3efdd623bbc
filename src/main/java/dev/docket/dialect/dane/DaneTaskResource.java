package dev.docket.dialect.dane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.auth.Caller;
import dev.docket.auth.Roles;
import dev.docket.document.DocumentService;
import dev.docket.task.IllegalTransition;
import dev.docket.task.Submissions;
import dev.docket.task.Task;
import dev.docket.task.TaskExists;
import dev.docket.task.TaskId;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Command;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** DANE's tasks: assigning them, reading them, and what its web page asks of them. */
@Path("/DANE")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public final class DaneTaskResource {

  private final TaskService tasks;
  private final Submissions submissions;
  private final DocumentService documents;
  private final DaneBodies bodies;
  private final DaneBatch batch;
  private final ObjectMapper mapper;

  DaneTaskResource(
      TaskService tasks,
      Submissions submissions,
      DocumentService documents,
      DaneBodies bodies,
      DaneBatch batch,
      ObjectMapper mapper) {
    this.tasks = tasks;
    this.submissions = submissions;
    this.documents = documents;
    this.bodies = bodies;
    this.batch = batch;
    this.mapper = mapper;
  }

  /** Assigns a task to one document (201), or to many (200, with what became of each). */
  @POST
  @Path("task")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public CompletionStage<Response> assign(@Auth Caller who, InputStream body) {
    JsonNode sent =
        bodies
            .json(body)
            .orElseThrow(() -> DaneRefusal.badTask(DaneBodies.error("", "must be a JSON object")));
    DaneAssignment asked = DaneAssignment.read(sent, mapper);
    if (!asked.many()) {
      return assign(asked, asked.documents().get(0), who)
          .thenApply(made -> Response.status(Response.Status.CREATED).entity(made).build());
    }
    StreamingOutput all =
        out ->
            batch.run(
                out,
                asked.documents(),
                id -> assign(asked, id, who),
                (id, why) -> Map.of("document_id", id, "error", why));
    return CompletableFuture.completedStage(Response.ok(all).build());
  }

  private CompletionStage<DaneTask> assign(DaneAssignment asked, String document, Caller who) {
    return submissions
        .submit(asked.on(document).orElseThrow(() -> unknown(document)), who.name())
        .get(0)
        .handle(
            (made, failure) -> {
              if (made != null) {
                return DaneTask.of(made);
              }
              if (DaneParameters.isNotFound(failure)) {
                throw unknown(document);
              }
              Throwable cause =
                  failure instanceof CompletionException ? failure.getCause() : failure;
              if (cause instanceof TaskExists) {
                throw DaneRefusal.conflict(
                    "Task %s already assigned to document %s".formatted(asked.key(), document));
              }
              throw new CompletionException(cause);
            });
  }

  private static DaneRefusal unknown(String document) {
    return DaneRefusal.notFound("No document with id `" + document + "` found");
  }

  /** One task. */
  @GET
  @Path("task/{id}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  public CompletionStage<DaneTask> get(@PathParam("id") TaskId id) {
    return tasks.get(id).thenApply(DaneTask::of);
  }

  /** Deletes one, with its results. */
  @DELETE
  @Path("task/{id}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public CompletionStage<Response> delete(@Auth Caller who, @PathParam("id") TaskId id) {
    return tasks
        .get(id)
        .thenCompose(task -> tasks.execute(id, new Command.Delete(who.name())))
        .thenApply(decision -> Response.ok().build());
  }

  /** The same, from DANE's web page. */
  @GET
  @Path("task/{id}/delete")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public CompletionStage<Response> deleteByGet(@Auth Caller who, @PathParam("id") TaskId id) {
    return delete(who, id);
  }

  /** The document that it is assigned to. */
  @GET
  @Path("task/{id}/document")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  public CompletionStage<DaneDocument> document(@PathParam("id") TaskId id) {
    return tasks
        .get(id)
        .thenCompose(task -> documents.get(task.spec().document().id()))
        .thenApply(DaneDocument::of);
  }

  /** {@code retry}, {@code forceretry} or {@code reset}. */
  @POST
  @Path("task/{id}/{action}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public CompletionStage<DaneTask> act(
      @Auth Caller who, @PathParam("id") TaskId id, @PathParam("action") String action) {
    Command command = command(action, who.name());
    return tasks.get(id).thenCompose(task -> act(task, command)).thenApply(DaneTask::of);
  }

  private CompletionStage<Task> act(Task task, Command command) {
    return tasks.execute(task.id(), command).thenApply(IllegalTransition::taskOrThrow);
  }

  /** The same, from DANE's web page. */
  @GET
  @Path("task/{id}/{action}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public CompletionStage<DaneTask> actByGet(
      @Auth Caller who, @PathParam("id") TaskId id, @PathParam("action") String action) {
    return act(who, id, action);
  }

  private static Command command(String action, String by) {
    return switch (action.toLowerCase(Locale.ROOT)) {
      case "retry" -> new Command.Retry(by);
      case "forceretry" -> new Command.ForceRetry(by);
      case "reset" -> new Command.Reset(by);
      default ->
          throw DaneRefusal.invalid(
              "there is no action " + action + ", but retry, forceretry and reset");
    };
  }
}
