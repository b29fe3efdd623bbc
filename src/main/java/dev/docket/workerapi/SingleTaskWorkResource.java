package dev.docket.workerapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.auth.Caller;
import dev.docket.auth.Roles;
import dev.docket.auth.TaskKeyForbidden;
import dev.docket.http.InvalidRequest;
import dev.docket.manual.Outputs;
import dev.docket.manual.Person;
import dev.docket.task.IllegalTransition;
import dev.docket.task.Lease;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskService;
import dev.docket.task.TaskState;
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
import org.jspecify.annotations.Nullable;

/**
 * The worker operations on one task, with one request for each step, for people and their pages.
 */
@Path("/")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class SingleTaskWorkResource {

  private static final String OUTPUTS = "outputs";

  private final TaskService tasks;
  private final ReportService reports;
  private final PollService polls;
  private final Outputs outputs;

  public SingleTaskWorkResource(
      TaskService tasks, ReportService reports, PollService polls, Outputs outputs) {
    this.tasks = tasks;
    this.reports = reports;
    this.polls = polls;
    this.outputs = outputs;
  }

  /**
   * The body of a claim.
   *
   * @param worker null for the name of the caller
   * @param resume whether a task that the person already holds is granted again; null for false
   */
  public record ClaimBody(
      @Nullable @Size(min = 1, max = 256) String worker, @Nullable Boolean resume) {}

  /**
   * Claims the task's current run. The response contains what the other requests must repeat. If
   * people do the task, the lease is that of the caller, whatever the name in the body.
   */
  @POST
  @Path("task/{id}/claim")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public CompletionStage<PollResponse.Granted> claim(
      @Auth Caller who, @PathParam("id") TaskId id, @NotNull @Valid ClaimBody body) {
    String worker = worker(who, body);
    return tasks
        .get(id)
        .thenCompose(
            task -> {
              TaskKeyForbidden.check(who, task.spec().key().value());
              return tasks.execute(
                  id,
                  Command.Claim.byWorker(
                      new Reporter(task.run().ref(), claimId(who, body, task), worker, who.name()),
                      null));
            })
        .thenApply(IllegalTransition::taskOrThrow)
        .thenApply(polls::granted);
  }

  private static String worker(Caller who, ClaimBody body) {
    String given = body.worker();
    return given != null && !who.equals(Caller.ANONYMOUS)
        ? given
        : Person.of(who, given)
            .orElseThrow(
                () -> InvalidRequest.field("/worker", "must be a name of 1 to 256 characters"))
            .name();
  }

  /** A new id, or that of the claim that the person resumes. */
  private static String claimId(Caller who, ClaimBody body, Task task) {
    Lease lease = task.run().lease();
    if (lease == null || !Boolean.TRUE.equals(body.resume())) {
      return UUID.randomUUID().toString();
    }
    return Person.of(who, body.worker())
        .filter(person -> person.holds(task))
        .map(holder -> lease.claimId())
        .orElseGet(() -> UUID.randomUUID().toString());
  }

  /** Reports {@code progress}, {@code stage} and {@code message}, and extends the lease. */
  @POST
  @Path("task/{id}/progress")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public CompletionStage<ReportResponse> progress(
      @Auth Caller who, @PathParam("id") TaskId id, @NotNull JsonNode body) {
    return report(who, "progress", id, body);
  }

  /** Gives the run back without a failure, with a {@code message}. */
  @POST
  @Path("task/{id}/give_back")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public CompletionStage<ReportResponse> giveBack(
      @Auth Caller who, @PathParam("id") TaskId id, @NotNull JsonNode body) {
    return report(who, "give_back", id, body);
  }

  /** Appends {@code lines} or a {@code message} to the log of the run. */
  @POST
  @Path("task/{id}/log")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public CompletionStage<ReportResponse> log(
      @Auth Caller who, @PathParam("id") TaskId id, @NotNull JsonNode body) {
    return report(who, "log", id, body);
  }

  /**
   * Ends the run with {@code state}, {@code message} and {@code results}. With {@code outputs} in
   * place of results, they are checked and become the payload of the one result.
   */
  @POST
  @Path("task/{id}/complete")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public CompletionStage<ReportResponse> complete(
      @Auth Caller who, @PathParam("id") TaskId id, @NotNull JsonNode body) {
    JsonNode given = body.path(OUTPUTS);
    if (given.isMissingNode() || !(body instanceof ObjectNode fields)) {
      return report(who, "complete", id, body);
    }
    if (fields.hasNonNull("results")) {
      throw InvalidRequest.field("/outputs", "cannot be combined with results");
    }
    JsonNode state = fields.path("state");
    if (!state.isIntegralNumber()) {
      throw InvalidRequest.field("/state", "is required, and must be an integer");
    }
    if (state.asInt() != TaskState.SUCCESS.number()) {
      throw InvalidRequest.field("/outputs", "must be omitted unless the state is 200");
    }
    return tasks
        .get(id)
        .thenCompose(
            task -> {
              TaskKeyForbidden.check(who, task.key().value());
              ObjectNode completed = fields.deepCopy();
              completed.remove(OUTPUTS);
              completed
                  .putArray("results")
                  .addObject()
                  .set("payload", outputs.payload(task.key(), given));
              return report(who, "complete", id, completed);
            });
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
