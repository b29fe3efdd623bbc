package dev.docket.workerapi;

import dev.docket.auth.Caller;
import dev.docket.auth.Roles;
import dev.docket.auth.TaskKeyForbidden;
import dev.docket.concurrent.Stages;
import dev.docket.http.ErrorsFeature;
import dev.docket.http.InvalidRequest;
import dev.docket.http.Problem;
import dev.docket.http.StreamedBody;
import dev.docket.result.PayloadPart;
import dev.docket.result.Payloads;
import dev.docket.result.ResultSubmissions;
import dev.docket.result.WrongOffset;
import dev.docket.task.ResultId;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskService;
import dev.docket.wire.ReportItem;
import dev.docket.wire.ReportResponse;
import dev.docket.wire.ResultUpload;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Uploads of payloads that are too large for a report. They belong to a claimed run, and become
 * results when the run ends with a report that names them.
 */
@Path(ResultUpload.PATH)
public final class ResultUploadResource {

  private final TaskService tasks;
  private final Payloads payloads;

  public ResultUploadResource(TaskService tasks, Payloads payloads) {
    this.tasks = tasks;
    this.payloads = payloads;
  }

  /** The size of the payload that has been received. */
  public record Received(long bytes) {}

  /** Receives a payload, or its remainder from an offset. */
  @PUT
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  @StreamedBody
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public Response upload(
      @Auth Caller who,
      @PathParam("id") TaskId id,
      @PathParam("n") int n,
      @HeaderParam(ResultUpload.ATTEMPT_HEADER) @Nullable Integer attempt,
      @HeaderParam(ResultUpload.RUN_HEADER) @Nullable String run,
      @HeaderParam(ResultUpload.CLAIM_HEADER) @Nullable String claim,
      @HeaderParam(ResultUpload.OFFSET_HEADER) @Nullable Long offset,
      InputStream body)
      throws IOException {
    try {
      PayloadPart.Owner owner = owner(who, id, n, attempt, run, claim);
      long from = offset == null ? 0 : offset;
      if (from < 0) {
        throw InvalidRequest.field(
            ResultUpload.OFFSET_HEADER, "must be at least 0 (was " + from + ")");
      }
      return Response.ok(new Received(payloads.receive(resultId(owner, n), owner, from, body)))
          .build();
    } catch (WrongOffset e) {
      skipRemainder(body);
      return Response.fromResponse(ErrorsFeature.response(e))
          .header(ResultUpload.OFFSET_HEADER, e.expected())
          .build();
    } catch (Problem e) {
      skipRemainder(body);
      throw e;
    }
  }

  /** Some clients do not read a response that comes before they have sent the whole body. */
  private void skipRemainder(InputStream body) throws IOException {
    long remaining = payloads.maxBytes();
    long skipped;
    do {
      skipped = body.skip(remaining);
      remaining -= skipped;
    } while (skipped > 0 && remaining > 0);
  }

  /** Says at which offset an interrupted upload can be continued. */
  @HEAD
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public Response offset(
      @Auth Caller who,
      @PathParam("id") TaskId id,
      @PathParam("n") int n,
      @HeaderParam(ResultUpload.ATTEMPT_HEADER) @Nullable Integer attempt,
      @HeaderParam(ResultUpload.RUN_HEADER) @Nullable String run,
      @HeaderParam(ResultUpload.CLAIM_HEADER) @Nullable String claim) {
    PayloadPart.Owner owner = owner(who, id, n, attempt, run, claim);
    return Response.ok()
        .header(ResultUpload.OFFSET_HEADER, payloads.resumableAt(resultId(owner, n)))
        .build();
  }

  private static ResultId resultId(PayloadPart.Owner owner, int n) {
    return ResultId.submitted(owner.task(), owner.run(), owner.submission(), n);
  }

  /** Checks that the run is the current one, so that nothing is stored for an old run. */
  private PayloadPart.Owner owner(
      Caller who,
      TaskId id,
      int n,
      @Nullable Integer attempt,
      @Nullable String run,
      @Nullable String claim) {
    InvalidRequest.requireBetween("n", n, 0, ReportItem.MAX_RESULTS - 1);
    if (attempt == null || run == null || claim == null) {
      throw InvalidRequest.field(
          attempt == null
              ? ResultUpload.ATTEMPT_HEADER
              : run == null ? ResultUpload.RUN_HEADER : ResultUpload.CLAIM_HEADER,
          "is a required header");
    }
    Task task = Stages.join(tasks.get(id));
    TaskKeyForbidden.check(who, task.spec().key().value());
    if (!ResultSubmissions.isCurrent(task, run, claim) || task.run().attempt() != attempt) {
      throw new ReportRejected(
          new ReportResponse(
              409,
              "attempt " + attempt + " under this claim is not the current run of the task",
              task.state().number(),
              task.run().attempt(),
              null,
              null,
              false));
    }
    return new PayloadPart.Owner(id, attempt, run, claim);
  }
}
