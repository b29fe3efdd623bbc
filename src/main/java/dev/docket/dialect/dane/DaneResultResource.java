package dev.docket.dialect.dane;

import dev.docket.audit.Actor;
import dev.docket.auth.Caller;
import dev.docket.auth.Changes;
import dev.docket.auth.OwnedRecord;
import dev.docket.auth.Roles;
import dev.docket.auth.Sees;
import dev.docket.http.ChangesByGet;
import dev.docket.http.RequestOrigin;
import dev.docket.http.batch.StreamedArray;
import dev.docket.result.AuditedResults;
import dev.docket.result.ResultService;
import dev.docket.result.ResultViews;
import dev.docket.task.ResultId;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.concurrent.CompletionStage;

/** DANE's {@code /result/<id>}. */
@Path("/result/{id}")
@Produces(MediaType.APPLICATION_JSON)
public final class DaneResultResource {

  private final ResultService results;
  private final AuditedResults audited;
  private final ResultViews views;
  private final StreamedArray writer;

  DaneResultResource(
      ResultService results, AuditedResults audited, ResultViews views, StreamedArray writer) {
    this.results = results;
    this.audited = audited;
    this.views = views;
    this.writer = writer;
  }

  /** Shows a result with its whole payload, which is read while the response is written. */
  @GET
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  @Sees(OwnedRecord.RESULT)
  public StreamingOutput get(@PathParam("id") ResultId id) {
    DaneResult result = DaneResult.of(results.get(id).toCompletableFuture().join(), views);
    return out -> writer.writeValue(out, result);
  }

  /** Deletes a result. */
  @DELETE
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  @Changes(OwnedRecord.RESULT)
  public CompletionStage<Response> delete(
      @Auth Caller who, @PathParam("id") ResultId id, @Context ContainerRequestContext request) {
    return audited
        .delete(Actor.of(who, RequestOrigin.of(request)), id)
        .thenApply(nothing -> DaneResponses.empty());
  }

  /** Deletes a result, as DANE 0.2 did. */
  @GET
  @ChangesByGet
  @Path("delete")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  @Changes(OwnedRecord.RESULT)
  public CompletionStage<Response> deleteByGet(
      @Auth Caller who, @PathParam("id") ResultId id, @Context ContainerRequestContext request) {
    return delete(who, id, request);
  }
}
