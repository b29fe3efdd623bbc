package dev.docket.dialect.dane;

import dev.docket.auth.Roles;
import dev.docket.result.ResultId;
import dev.docket.result.ResultService;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;

/** DANE's {@code /result/<id>}. */
@Path("/DANE/result/{id}")
@Produces(MediaType.APPLICATION_JSON)
public final class DaneResultResource {

  private final ResultService results;

  DaneResultResource(ResultService results) {
    this.results = results;
  }

  /** Shows a result. */
  @GET
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  public CompletionStage<DaneResult> get(@PathParam("id") ResultId id) {
    return results.get(id).thenApply(DaneResult::of);
  }

  /** Deletes a result. */
  @DELETE
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public CompletionStage<Response> delete(@PathParam("id") ResultId id) {
    return results.delete(id).thenApply(nothing -> DaneResponses.empty());
  }

  /** Deletes a result, as DANE 0.2 did. */
  @GET
  @Path("delete")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public CompletionStage<Response> deleteByGet(@PathParam("id") ResultId id) {
    return delete(id);
  }
}
