package dev.docket.task.api;

import dev.docket.auth.Caller;
import dev.docket.auth.OwnedRecord;
import dev.docket.auth.OwnerFilter;
import dev.docket.auth.Roles;
import dev.docket.auth.Sees;
import dev.docket.document.DocumentId;
import dev.docket.document.DocumentService;
import dev.docket.http.batch.StreamedArray;
import dev.docket.store.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TasksOfDocuments;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Streams lists of tasks of any length, in order of id. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class TaskListResource {

  private static final int PAGE_SIZE = 500;

  private final TasksOfDocuments tasksOfDocuments;
  private final UnfinishedTasks unfinishedTasks;
  private final DocumentService documents;
  private final StreamedArray array;

  public TaskListResource(
      TasksOfDocuments tasksOfDocuments,
      UnfinishedTasks unfinishedTasks,
      DocumentService documents,
      StreamedArray array) {
    this.tasksOfDocuments = tasksOfDocuments;
    this.unfinishedTasks = unfinishedTasks;
    this.documents = documents;
    this.array = array;
  }

  /** All tasks of a document; refreshes before it searches. */
  @GET
  @Path("document/{id}/tasks")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  @Sees(OwnedRecord.DOCUMENT)
  public StreamingOutput ofDocument(@Auth Caller caller, @PathParam("id") DocumentId id) {
    documents.get(id).toCompletableFuture().join();
    return stream(
        caller.sees(), after -> tasksOfDocuments.ofDocuments(List.of(id), after, PAGE_SIZE));
  }

  /** All tasks that have not ended; lags by at most one refresh interval. */
  @GET
  @Path("task/inprogress")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput inProgress(@Auth Caller caller) {
    return stream(caller.sees(), after -> unfinishedTasks.unfinished(after, PAGE_SIZE));
  }

  private StreamingOutput stream(
      OwnerFilter owners, Function<@Nullable TaskId, List<Versioned<Task>>> page) {
    List<Versioned<Task>> first = page.apply(null);
    return out ->
        array.write(
            out,
            first,
            PAGE_SIZE,
            last -> page.apply(last.value().id()),
            tasks -> views(tasks, owners));
  }

  private static List<TaskView> views(List<Versioned<Task>> page, OwnerFilter owners) {
    return page.stream()
        .map(Versioned::value)
        .filter(task -> !task.deleted() && owners.includes(task.spec().owner()))
        .map(TaskView::of)
        .toList();
  }
}
