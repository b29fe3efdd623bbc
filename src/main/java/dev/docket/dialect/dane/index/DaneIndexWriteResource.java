package dev.docket.dialect.dane.index;

import dev.docket.auth.Caller;
import dev.docket.auth.Forbidden;
import dev.docket.auth.OwnerFilter;
import dev.docket.auth.Roles;
import dev.docket.http.StreamedBody;
import dev.docket.result.SavedResults;
import dev.docket.task.ResultId;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
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
  private final SavedResults saved;
  private final RecordReader records;
  private final IndexResponses responses;
  private final StoreWait wait;

  /**
   * @param name the name of the index
   */
  DaneIndexWriteResource(
      String name,
      ResultSaver saver,
      SavedResults saved,
      RecordReader records,
      IndexResponses responses,
      StoreWait wait) {
    this.name = name;
    this.saver = saver;
    this.saved = saved;
    this.records = records;
    this.responses = responses;
    this.wait = wait;
  }

  /** Saves a result. */
  @POST
  @StreamedBody
  @Path("{index: [^_/][^/]*}/_doc")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public Response save(
      @Auth Caller worker, @PathParam("index") String index, InputStream body) {
    if (!index.equals(name)) {
      throw new IndexRejection("a record of the index [" + index + "]");
    }
    return Response.status(201).entity(responses.written(saver.save(body, worker), "created")).build();
  }

  /** Deletes a result. */
  @DELETE
  @Path("{index: [^_/][^/]*}/_doc/{id}")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public Response delete(
      @Auth Caller worker, @PathParam("index") String index, @PathParam("id") String id) {
    if (!index.equals(name)) {
      throw new IndexNotFound(index);
    }
    return wait.call(() -> delete(id, worker));
  }

  private Response delete(String id, Caller worker) {
    if (isDeleted(id, worker)) {
      return Response.ok(responses.written(id, "deleted")).build();
    }
    if (records.parent(id, OwnerFilter.ALL).isPresent()) {
      throw new IndexRejection("deleting a document or task");
    }
    return Response.status(404).entity(responses.written(id, "not_found")).build();
  }

  private boolean isDeleted(String id, Caller worker) {
    return RecordReader.find(
            id,
            ResultId::fromString,
            result ->
                saved
                    .delete(result, key -> Forbidden.requireTaskKey(worker, key.value()))
                    .thenApply(done -> result))
        .isPresent();
  }
}
