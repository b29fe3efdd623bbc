package dev.docket.result;

import dev.docket.auth.Roles;
import dev.docket.document.DocumentId;
import dev.docket.document.DocumentService;
import dev.docket.http.batch.StreamedArray;
import dev.docket.store.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskService;
import dev.docket.task.TaskStore;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** HTTP resource for results. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class ResultResource {

  /** Number of tasks whose results are read at a time; each may have a hundred results. */
  private static final int PAGE_SIZE = 20;

  private final ResultService results;
  private final TaskService tasks;
  private final TaskStore.Sweeps sweeps;
  private final DocumentService documents;
  private final StreamedArray array;

  public ResultResource(
      ResultService results,
      TaskService tasks,
      TaskStore.Sweeps sweeps,
      DocumentService documents,
      StreamedArray array) {
    this.results = results;
    this.tasks = tasks;
    this.sweeps = sweeps;
    this.documents = documents;
    this.array = array;
  }

  /** Returns a result. */
  @GET
  @Path("result/{id}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  public CompletionStage<ResultView> get(@PathParam("id") ResultId id) {
    return results.get(id).thenApply(ResultView::of);
  }

  /** Deletes a result. */
  @DELETE
  @Path("result/{id}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public CompletionStage<Response> delete(@PathParam("id") ResultId id) {
    return results.delete(id).thenApply(ignored -> Response.noContent().build());
  }

  /** Returns the results of a task's last successful run. */
  @GET
  @Path("task/{id}/results")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  public CompletionStage<List<ResultView>> ofTask(@PathParam("id") TaskId id) {
    return tasks
        .get(id)
        .thenCompose(task -> results.ofTasks(List.of(task)))
        .thenApply(all -> all.stream().map(ResultView::of).toList());
  }

  /** Streams the results of all tasks of a document, by task; refreshes before it searches. */
  @GET
  @Path("document/{id}/results")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput ofDocument(@PathParam("id") DocumentId id) {
    documents.get(id).toCompletableFuture().join();
    List<Versioned<Task>> first = page(id, null);
    return out ->
        array.write(out, first, PAGE_SIZE, last -> page(id, last.value().id()), this::views);
  }

  private List<Versioned<Task>> page(DocumentId id, @Nullable TaskId after) {
    return sweeps.ofDocuments(List.of(id), after, PAGE_SIZE);
  }

  private List<ResultView> views(List<Versioned<Task>> page) {
    List<Task> live = page.stream().map(Versioned::value).filter(t -> !t.deleted()).toList();
    return results.ofTasks(live).toCompletableFuture().join().stream().map(ResultView::of).toList();
  }
}
