package dev.docket.workerapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.auth.Caller;
import dev.docket.auth.Roles;
import dev.docket.auth.TaskKeyForbidden;
import dev.docket.http.InvalidRequest;
import dev.docket.task.IllegalTransition;
import dev.docket.task.TaskId;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Reporter;
import dev.docket.wire.PollResponse;
import dev.docket.wire.ReportResponse;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** The worker operations for people who use curl: one task, with one request for each step. */
@Path("/")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class SingleTaskWorkResource {

  private final TaskService tasks;
  private final ReportService reports;
  private final PollService polls;

  public SingleTaskWorkResource(TaskService tasks, ReportService reports, PollService polls) {
    this.tasks = tasks;
    this.reports = reports;
    this.polls = polls;
  }

  /** The body of a claim. */
  public record ClaimBody(@NotNull @Size(min = 1, max = 256) String worker) {}

  /** Claims the task's current run. The response contains what the other requests must repeat. */
  @POST
  @Path("task/{id}/claim")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public CompletionStage<PollResponse.Granted> claim(
      @Auth Caller who, @PathParam("id") TaskId id, @NotNull @Valid ClaimBody body) {
    String claimId = UUID.randomUUID().toString();
    return tasks
        .get(id)
        .thenCompose(
            task -> {
              TaskKeyForbidden.check(who, task.spec().key().value());
              return tasks.execute(
                  id,
                  Command.Claim.byWorker(
                      new Reporter(task.run().ref(), claimId, body.worker(), who.name()), null));
            })
        .thenApply(IllegalTransition::taskOrThrow)
        .thenApply(polls::granted);
  }

  /** Reports {@code progress}, {@code stage} and {@code message}, and extends the lease. */
  @POST
  @Path("task/{id}/progress")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public CompletionStage<ReportResponse> progress(
      @Auth Caller who, @PathParam("id") TaskId id, @NotNull JsonNode body) {
    return report(who, "progress", id, body);
  }

  /** Ends the run with {@code state}, {@code message} and {@code results}. */
  @POST
  @Path("task/{id}/complete")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public CompletionStage<ReportResponse> complete(
      @Auth Caller who, @PathParam("id") TaskId id, @NotNull JsonNode body) {
    return report(who, "complete", id, body);
  }

  private CompletionStage<ReportResponse> report(
      Caller who, String type, TaskId id, JsonNode body) {
    if (!(body instanceof ObjectNode fields)) {
      throw InvalidRequest.field("", "must be a JSON object");
    }
    ObjectNode item = fields.deepCopy();
    item.put("type", type).put("task", id.value());
    return reports.processOne(who, item);
  }
}
