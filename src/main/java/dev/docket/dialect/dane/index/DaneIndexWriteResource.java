package dev.docket.dialect.dane.index;

import dev.docket.audit.Actor;
import dev.docket.auth.Caller;
import dev.docket.auth.Forbidden;
import dev.docket.auth.OwnedRecord;
import dev.docket.auth.Roles;
import dev.docket.auth.TaskKeyForbidden;
import dev.docket.http.RequestOrigin;
import dev.docket.http.StreamedBody;
import dev.docket.result.AuditedResults;
import dev.docket.result.Result;
import dev.docket.result.ResultNotFound;
import dev.docket.task.ResultId;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;

/** The writes to DANE's index: saving and deleting a result. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public final class DaneIndexWriteResource {

  private final String name;
  private final ResultSaver saver;
  private final AuditedResults results;
  private final RecordReader records;
  private final IndexResponses responses;
  private final StoreWait wait;

  /**
   * @param name the name of the index
   */
  DaneIndexWriteResource(
      String name,
      ResultSaver saver,
      AuditedResults results,
      RecordReader records,
      IndexResponses responses,
      StoreWait wait) {
    this.name = name;
    this.saver = saver;
    this.results = results;
    this.records = records;
    this.responses = responses;
    this.wait = wait;
  }

  /** Saves a result. */
  @POST
  @StreamedBody
  @Path("{index: [^_/][^/]*}/_doc")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public Response save(@Auth Caller worker, @PathParam("index") String index, InputStream body) {
    if (!index.equals(name)) {
      throw new IndexRejection("a record of the index [" + index + "]");
    }
    return Response.status(201)
        .entity(responses.written(saver.save(body, worker), "created"))
        .build();
  }

  /** Deletes a result. */
  @DELETE
  @Path("{index: [^_/][^/]*}/_doc/{id}")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public Response delete(
      @Auth Caller who,
      @PathParam("index") String index,
      @PathParam("id") String id,
      @Context ContainerRequestContext request) {
    if (!index.equals(name)) {
      throw new IndexNotFound(index);
    }
    Actor actor = Actor.of(who, RequestOrigin.of(request));
    return wait.call(() -> delete(actor, id, who));
  }

  private Response delete(Actor actor, String id, Caller who) {
    if (isDeleted(actor, id, who)) {
      return Response.ok(responses.written(id, "deleted")).build();
    }
    if (records.parent(id, who.sees()).isPresent()) {
      throw new IndexRejection("deleting a document or task");
    }
    return Response.status(404).entity(responses.written(id, "not_found")).build();
  }

  private boolean isDeleted(Actor actor, String id, Caller who) {
    return RecordReader.find(
            id,
            ResultId::fromString,
            result ->
                results
                    .deleteSaved(actor, result, found -> requireChangeable(found, who))
                    .thenApply(done -> result))
        .isPresent();
  }

  private static void requireChangeable(Result result, Caller who) {
    if (!who.sees().includes(result.owner())) {
      throw new ResultNotFound(result.id());
    }
    if (!who.changes().includes(result.owner())) {
      throw Forbidden.change(who, OwnedRecord.RESULT, result.id().value());
    }
    TaskKeyForbidden.check(who, result.key().value());
  }
}
