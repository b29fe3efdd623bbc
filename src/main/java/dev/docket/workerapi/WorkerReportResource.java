package dev.docket.workerapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.auth.Caller;
import dev.docket.auth.CredentialCheck;
import dev.docket.auth.Roles;
import dev.docket.auth.TaskKeyForbidden;
import dev.docket.http.RequestBodyReader;
import dev.docket.http.WaitingResponses;
import dev.docket.http.batch.ArrayBatch;
import dev.docket.task.TaskKey;
import dev.docket.wire.ReportItem;
import dev.docket.wire.ReportResponse;
import dev.docket.workers.WorkerRegistry;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Reports and polls of workers over HTTP. */
@Path("/worker")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class WorkerReportResource {

  private final ReportService reports;
  private final PollService polls;
  private final WorkerRegistry registry;
  private final PollRequestReader reader;
  private final ArrayBatch batches;
  private final WaitingResponses waiting;

  public WorkerReportResource(
      ReportService reports,
      PollService polls,
      WorkerRegistry registry,
      RequestBodyReader bodies,
      ArrayBatch batches,
      WaitingResponses waiting) {
    this.reports = reports;
    this.polls = polls;
    this.registry = registry;
    this.reader = new PollRequestReader(bodies);
    this.batches = batches;
    this.waiting = waiting;
  }

  /** Processes a report. The response has a result for each item, in the same order. */
  @POST
  @Path("report")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public CompletionStage<List<ReportResponse>> report(@Auth Caller who, InputStream body) {
    return reports.process(who, batches.read(body, ReportItem.MAX_ITEMS, "items"));
  }

  /** Waits for tasks, and returns them already claimed. */
  @POST
  @Path("poll")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public void poll(
      @Auth Caller who,
      @NotNull JsonNode body,
      @Context HttpServletRequest request,
      @Context HttpServletResponse response,
      @Context ContainerRequestContext authenticated,
      @Suspended AsyncResponse async) {
    Poll poll = reader.read(body);
    TaskKeyForbidden.check(who, poll.keys().stream().map(TaskKey::value).toList());
    registry.onPoll(who, poll.worker(), poll.keys(), poll.types());
    waiting.respond(
        request, response, async, polls.poll(who, poll, CredentialCheck.of(authenticated)));
  }
}
