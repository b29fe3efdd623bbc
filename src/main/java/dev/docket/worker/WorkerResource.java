package dev.docket.worker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.auth.Roles;
import dev.docket.errors.Bodies;
import dev.docket.errors.ErrorsFeature;
import dev.docket.errors.Invalid;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The workers' side over HTTP. */
@Path("/worker")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class WorkerResource {

  private final Reports reports;
  private final Polls polls;
  private final WorkerRegistry registry;
  private final PollReader reader;

  public WorkerResource(Reports reports, Polls polls, WorkerRegistry registry, Bodies bodies) {
    this.reports = reports;
    this.polls = polls;
    this.registry = registry;
    this.reader = new PollReader(bodies);
  }

  /** Everything that workers say; an answer for each item, in order. */
  @POST
  @Path("report")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public CompletionStage<List<ReportAnswer>> report(@NotNull JsonNode body) {
    if (!body.isArray() || body.size() > ReportItem.MAX_ITEMS) {
      throw Invalid.field("", "must be an array of at most " + ReportItem.MAX_ITEMS + " items");
    }
    List<JsonNode> items = new ArrayList<>(body.size());
    body.forEach(items::add);
    return reports.take(items);
  }

  /** Waits for tasks, and hands them over claimed. */
  @POST
  @Path("poll")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public void poll(@NotNull JsonNode body, @Suspended AsyncResponse response) {
    Polls.Poll poll = reader.read(body);
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

  private void handOver(Polls.Poll poll, PollAnswer answer, AsyncResponse response) {
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
