package dev.docket.result;

import dev.docket.audit.Actor;
import dev.docket.auth.Caller;
import dev.docket.auth.Changes;
import dev.docket.auth.OwnedRecord;
import dev.docket.auth.OwnerFilter;
import dev.docket.auth.Roles;
import dev.docket.auth.Sees;
import dev.docket.concurrent.Stages;
import dev.docket.document.DocumentId;
import dev.docket.document.DocumentService;
import dev.docket.http.InvalidRequest;
import dev.docket.http.RequestOrigin;
import dev.docket.http.batch.StreamedArray;
import dev.docket.store.Versioned;
import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskService;
import dev.docket.task.TasksOfDocuments;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * HTTP resource for results. The methods that return payloads block, so that the thread of the
 * request writes them: it reads the payload store meanwhile, and a client may be slow.
 */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class ResultResource {

  /** Number of tasks whose results are read at a time; each may have a hundred results. */
  private static final int PAGE_SIZE = 20;

  private final ResultService results;
  private final AuditedResults audited;
  private final Payloads payloads;
  private final ResultViews views;
  private final TaskService tasks;
  private final TasksOfDocuments tasksOfDocuments;
  private final DocumentService documents;
  private final StreamedArray array;

  public ResultResource(
      ResultService results,
      AuditedResults audited,
      Payloads payloads,
      TaskService tasks,
      TasksOfDocuments tasksOfDocuments,
      DocumentService documents,
      StreamedArray array) {
    this.results = results;
    this.audited = audited;
    this.payloads = payloads;
    this.views = new ResultViews(payloads);
    this.tasks = tasks;
    this.tasksOfDocuments = tasksOfDocuments;
    this.documents = documents;
    this.array = array;
  }

  /** Returns a result of a successful run with its whole payload. */
  @GET
  @Path("result/{id}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  @Sees(OwnedRecord.RESULT)
  public StreamingOutput get(@PathParam("id") ResultId id, @Context HttpServletRequest request) {
    Result result = Stages.join(results.get(id));
    return body(request, out -> array.writeValue(out, views.whole(result)));
  }

  /** Returns the payload of a result. */
  @GET
  @Path("result/{id}/payload")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  @Sees(OwnedRecord.RESULT)
  public Response payload(@PathParam("id") ResultId id, @Context HttpServletRequest request) {
    Result result = Stages.join(results.get(id));
    Long bytes = result.payloadBytes();
    if (bytes == null) {
      return Response.ok(result.payload()).build();
    }
    return Response.ok(body(request, out -> payloads.write(id, bytes, out)))
        .header(HttpHeaders.CONTENT_LENGTH, bytes)
        .build();
  }

  /**
   * A body that reads nothing for a HEAD request, whose body Jersey would write and discard. Only
   * the servlet's request has the method HEAD; Jersey's has GET.
   */
  private static StreamingOutput body(HttpServletRequest request, StreamingOutput body) {
    return request.getMethod().equals(HttpMethod.HEAD) ? out -> {} : body;
  }

  /** Deletes a result. */
  @DELETE
  @Path("result/{id}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  @Changes(OwnedRecord.RESULT)
  public CompletionStage<Response> delete(
      @Auth Caller caller, @PathParam("id") ResultId id, @Context ContainerRequestContext request) {
    return audited
        .delete(Actor.of(caller, RequestOrigin.of(request)), id)
        .thenApply(ignored -> Response.noContent().build());
  }

  /**
   * Streams the results of a task: by default those of the latest successful run that left any.
   *
   * @param attemptText the attempt number of a successful run; its results only
   * @param allText {@code true} for the results of all successful runs, the earliest first
   * @param payload {@code full} for payloads of any size; otherwise large ones are an address
   */
  @GET
  @Path("task/{id}/results")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  @Sees(OwnedRecord.TASK)
  public StreamingOutput ofTask(
      @PathParam("id") TaskId id,
      @QueryParam("attempt") @Nullable String attemptText,
      @QueryParam("all") @Nullable String allText,
      @QueryParam("payload") @Nullable String payload,
      @Context HttpServletRequest request) {
    Integer attempt = attempt(attemptText);
    boolean all = isAll(allText);
    boolean whole = isWhole(payload);
    if (attempt != null && all) {
      throw InvalidRequest.field("attempt", "must be omitted with all=true");
    }
    Task task = Stages.join(tasks.get(id));
    List<Result> found = Stages.join(results.ofRuns(task, runs(task, attempt, all)));
    return body(request, out -> array.write(out, found, result -> view(result, whole)));
  }

  private static @Nullable Integer attempt(@Nullable String text) {
    if (text == null) {
      return null;
    }
    if (!text.matches("[1-9][0-9]{0,8}")) {
      throw InvalidRequest.field("attempt", "must be the number of an attempt, from 1");
    }
    return Integer.valueOf(text);
  }

  private static boolean isAll(@Nullable String text) {
    if (text != null && !text.equals("true") && !text.equals("false")) {
      throw InvalidRequest.field("all", "must be true or false");
    }
    return "true".equals(text);
  }

  private static List<ResultRun> runs(Task task, @Nullable Integer attempt, boolean all) {
    if (all) {
      return task.resultRuns();
    }
    if (attempt != null) {
      return task.resultRuns().stream().filter(run -> run.attempt() == attempt).toList();
    }
    ResultRun latest = task.latestResults();
    return latest == null ? List.of() : List.of(latest);
  }

  private ResultView view(Result result, boolean whole) {
    return whole ? views.whole(result) : views.listed(result);
  }

  private static boolean isWhole(@Nullable String payload) {
    if (payload != null && !payload.equals("full")) {
      throw InvalidRequest.field("payload", "must be full or omitted");
    }
    return payload != null;
  }

  /** Streams the results of all tasks of a document, by task; refreshes before it searches. */
  @GET
  @Path("document/{id}/results")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  @Sees(OwnedRecord.DOCUMENT)
  public StreamingOutput ofDocument(
      @Auth Caller caller,
      @PathParam("id") DocumentId id,
      @QueryParam("payload") @Nullable String payload,
      @Context HttpServletRequest request) {
    boolean whole = isWhole(payload);
    Stages.join(documents.get(id));
    List<Versioned<Task>> first = page(id, null);
    return body(
        request,
        out ->
            array.write(
                out,
                first,
                PAGE_SIZE,
                last -> page(id, last.value().id()),
                tasksOnPage -> found(tasksOnPage, caller.sees()),
                result -> view(result, whole)));
  }

  private List<Versioned<Task>> page(DocumentId id, @Nullable TaskId after) {
    return tasksOfDocuments.ofDocuments(List.of(id), after, PAGE_SIZE);
  }

  private List<Result> found(List<Versioned<Task>> page, OwnerFilter owners) {
    List<Task> live =
        page.stream()
            .map(Versioned::value)
            .filter(task -> !task.deleted() && owners.includes(task.spec().owner()))
            .toList();
    return Stages.join(results.ofTasks(live));
  }
}
