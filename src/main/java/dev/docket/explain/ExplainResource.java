package dev.docket.explain;

import dev.docket.auth.Caller;
import dev.docket.auth.OwnedRecord;
import dev.docket.auth.Roles;
import dev.docket.auth.Sees;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskService;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;

/** Explains why a task is in its state, with evidence. */
@Path("/task/{id}/explain")
@Produces(MediaType.APPLICATION_JSON)
public final class ExplainResource {

  private final TaskService tasks;
  private final EvidenceReader reader;
  private final Clock clock;

  public ExplainResource(TaskService tasks, EvidenceReader reader, Clock clock) {
    this.tasks = tasks;
    this.reader = reader;
    this.clock = clock;
  }

  /** Returns what the task waits for, which worker runs it, or how it ended. Blocks. */
  @GET
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  @Sees(OwnedRecord.TASK)
  public Explanation explain(@Auth Caller caller, @PathParam("id") TaskId id) {
    Task task = tasks.get(id).toCompletableFuture().join();
    return reader.explain(task, caller.sees(), clock.instant());
  }
}
