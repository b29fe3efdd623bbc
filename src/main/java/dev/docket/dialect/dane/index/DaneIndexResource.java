package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.auth.Roles;
import dev.docket.http.InvalidRequest;
import dev.docket.http.Problem;
import dev.docket.http.StreamedBody;
import dev.docket.result.SavedResults;
import dev.docket.task.ResultId;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * The calls of Elasticsearch 7.17 that DANE's worker library makes. The name of the index does not
 * matter: there is one index.
 */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public final class DaneIndexResource {

  private final IndexSearch search;
  private final ResultSaver saver;
  private final SavedResults saved;
  private final IndexResponses responses;
  private final ObjectMapper mapper;

  DaneIndexResource(
      IndexSearch search,
      ResultSaver saver,
      SavedResults saved,
      IndexResponses responses,
      ObjectMapper mapper) {
    this.search = search;
    this.saver = saver;
    this.saved = saved;
    this.responses = responses;
    this.mapper = mapper;
  }

  /** Describes the server. */
  @GET
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public ObjectNode self() {
    return responses.self();
  }

  /** Says that the server is up. */
  @HEAD
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public Response ping() {
    return Response.ok().build();
  }

  /** Says that the index exists. */
  @HEAD
  @Path("{index}")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public Response exists(@PathParam("index") String index) {
    return Response.ok().build();
  }

  /** Does nothing, as the index exists. */
  @PUT
  @Path("{index}")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public ObjectNode create(@PathParam("index") String index) {
    return responses.created(index);
  }

  /** Searches. */
  @POST
  @Path("{index}/_search")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public StreamingOutput search(@PathParam("index") String index, InputStream body) {
    JsonNode asked = json(body);
    boolean withSource = !asked.path("_source").isBoolean() || asked.path("_source").asBoolean();
    List<IndexResponses.Found> found = search.find(IndexQuery.of(asked));
    return out -> responses.writeHits(out, index, found, withSource);
  }

  /** Returns a record by its id. */
  @GET
  @Path("{index}/_doc/{id}")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public Response document(@PathParam("index") String index, @PathParam("id") String id) {
    Optional<IndexResponses.Found> found = search.record(id);
    if (found.isEmpty()) {
      return Response.status(404).entity(responses.noRecord(index, id)).build();
    }
    StreamingOutput body = out -> responses.writeRecord(out, index, found.orElseThrow());
    return Response.ok(body).build();
  }

  /** Saves a result. */
  @POST
  @StreamedBody
  @Path("{index}/_doc")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public Response save(@PathParam("index") String index, InputStream body) {
    return Response.status(201)
        .entity(responses.written(index, saver.save(body), "created"))
        .build();
  }

  /** Deletes a result. */
  @DELETE
  @Path("{index}/_doc/{id}")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public Response delete(@PathParam("index") String index, @PathParam("id") String id) {
    return isDeleted(id)
        ? Response.ok(responses.written(index, id, "deleted")).build()
        : Response.status(404).entity(responses.written(index, id, "not_found")).build();
  }

  private boolean isDeleted(String text) {
    ResultId id;
    try {
      id = ResultId.fromString(text);
    } catch (IllegalArgumentException none) {
      return false;
    }
    try {
      saved.delete(id).toCompletableFuture().join();
      return true;
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof Problem problem
          && problem.kind() == Problem.Kind.NOT_FOUND) {
        return false;
      }
      throw failure;
    }
  }

  private JsonNode json(InputStream body) {
    try {
      JsonNode json = mapper.readTree(body);
      if (json.isObject()) {
        return json;
      }
    } catch (JsonProcessingException notJson) {
      throw InvalidRequest.field("", "must be a JSON object");
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    throw InvalidRequest.field("", "must be a JSON object");
  }
}
