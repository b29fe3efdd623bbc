package dev.docket.joblog;

import dev.docket.auth.Caller;
import dev.docket.auth.CredentialCheck;
import dev.docket.auth.OwnedRecord;
import dev.docket.auth.Roles;
import dev.docket.auth.Sees;
import dev.docket.events.EventResource;
import dev.docket.events.EventStreamWriters;
import dev.docket.http.InvalidRequest;
import dev.docket.http.batch.NdjsonBatch;
import dev.docket.task.TaskId;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
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
import org.jspecify.annotations.Nullable;

/** HTTP resource for the logs of tasks: pages, all lines, and lines as they are appended. */
@Path("/")
public final class TaskLogResource {

  private static final String PATH = "task/{id}/log";
  private static final int DEFAULT_LIMIT = 1_000;
  private static final int MAX_LIMIT = 10_000;

  // The quality is below that of JSON: a client that accepts any media type gets a page.
  private static final String TEXT = MediaType.TEXT_PLAIN + ";charset=utf-8;qs=0.5";
  private static final String NDJSON = NdjsonBatch.NDJSON + ";qs=0.4";
  private static final String EVENTS = MediaType.SERVER_SENT_EVENTS + ";qs=0.3";

  private final LogReader reader;
  private final EventStreamWriters writers;

  public TaskLogResource(LogReader reader, EventStreamWriters writers) {
    this.reader = reader;
    this.writers = writers;
  }

  /** A page of lines. Blocks. */
  @GET
  @Path(PATH)
  @Produces(MediaType.APPLICATION_JSON)
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  @Sees(OwnedRecord.TASK)
  public LogPage page(
      @PathParam("id") TaskId id,
      @QueryParam("attempt") @Nullable String attempt,
      @QueryParam("after") @Nullable String after,
      @QueryParam("level") @Nullable String level,
      @QueryParam("limit") @Nullable Integer limit) {
    int lines = limit == null ? DEFAULT_LIMIT : limit;
    InvalidRequest.requireBetween("limit", lines, 1, MAX_LIMIT);
    return reader.page(id, LogQuery.read(attempt, after, level), lines);
  }

  /** All lines as plain text. */
  @GET
  @Path(PATH)
  @Produces(TEXT)
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  @Sees(OwnedRecord.TASK)
  public StreamingOutput text(
      @Auth Caller caller,
      @PathParam("id") TaskId id,
      @QueryParam("attempt") @Nullable String attempt,
      @QueryParam("after") @Nullable String after,
      @QueryParam("level") @Nullable String level) {
    return reader.text(id, LogQuery.read(attempt, after, level), caller)::write;
  }

  /** All lines as NDJSON. */
  @GET
  @Path(PATH)
  @Produces(NDJSON)
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  @Sees(OwnedRecord.TASK)
  public StreamingOutput ndjson(
      @Auth Caller caller,
      @PathParam("id") TaskId id,
      @QueryParam("attempt") @Nullable String attempt,
      @QueryParam("after") @Nullable String after,
      @QueryParam("level") @Nullable String level) {
    return reader.ndjson(id, LogQuery.read(attempt, after, level), caller)::write;
  }

  /** Streams the lines until the run has ended. A client resumes with the id of the last event. */
  @GET
  @Path(PATH)
  @Produces(EVENTS)
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  @Sees(OwnedRecord.TASK)
  public Response follow(
      @Auth Caller caller,
      @PathParam("id") TaskId id,
      @QueryParam("attempt") @Nullable String attempt,
      @QueryParam("after") @Nullable String after,
      @QueryParam("level") @Nullable String level,
      @HeaderParam(HttpHeaders.LAST_EVENT_ID_HEADER) @Nullable String lastEventId,
      @Context HttpServletRequest request,
      @Context ContainerRequestContext authenticated) {
    boolean resumes = lastEventId != null && !lastEventId.isEmpty();
    LogQuery query = LogQuery.read(attempt, resumes ? lastEventId : after, level);
    return EventResource.respond(
        request,
        writers,
        () -> reader.follow(id, query, caller),
        CredentialCheck.of(authenticated));
  }
}
