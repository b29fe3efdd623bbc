package dev.docket.workerapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.auth.Roles;
import dev.docket.http.ErrorsFeature;
import dev.docket.http.RequestBodyReader;
import dev.docket.http.batch.ArrayBatch;
import dev.docket.wire.PollAnswer;
import dev.docket.wire.ReportAnswer;
import dev.docket.wire.ReportItem;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.CompletionCallback;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The workers' side over HTTP. */
@Path("/worker")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class WorkerResource {

  private final ReportService reports;
  private final PollService polls;
  private final WorkerRegistry registry;
  private final PollRequestReader reader;
  private final ArrayBatch batches;

  public WorkerResource(
      ReportService reports,
      PollService polls,
      WorkerRegistry registry,
      RequestBodyReader bodies,
      ArrayBatch batches) {
    this.reports = reports;
    this.polls = polls;
    this.registry = registry;
    this.reader = new PollRequestReader(bodies);
    this.batches = batches;
  }

  /** Everything that workers say; an answer for each item, in order. */
  @POST
  @Path("report")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public CompletionStage<List<ReportAnswer>> report(InputStream body) {
    return reports.take(batches.read(body, ReportItem.MAX_ITEMS, "items"));
  }

  /** Waits for tasks, and hands them over claimed. */
  @POST
  @Path("poll")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public void poll(@NotNull JsonNode body, @Suspended AsyncResponse response) {
    PollService.Poll poll = reader.read(body);
    registry.heard(poll);
    polls
        .poll(poll)
        .whenComplete(
            (answer, failure) -> {
              if (failure != null) {
                response.resume(ErrorsFeature.answer(failure));
              } else {
                handOver(poll, answer, response);
              }
            });
  }

  private void handOver(PollService.Poll poll, PollAnswer answer, AsyncResponse response) {
    response.register(
        (CompletionCallback)
            broken -> {
              if (broken != null) {
                polls.giveBack(poll, answer);
              }
            });
    if (!response.resume(answer)) {
      polls.giveBack(poll, answer);
    }
  }
}
