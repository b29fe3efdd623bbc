package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.auth.Roles;
import dev.docket.http.InvalidRequest;
import dev.docket.http.Problem;
import dev.docket.result.ResultId;
import dev.docket.result.RunEnded;
import dev.docket.result.SavedResults;
import dev.docket.task.IllegalTransition;
import dev.docket.task.ResultDraft;
import dev.docket.task.TaskId;
import dev.docket.task.TaskNotFound;
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
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls of Elasticsearch 7.17 that DANE's worker library makes. The name of the index does not
 * matter: there is one index.
 */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public final class DaneIndexResource {

  private static final Logger LOG = LoggerFactory.getLogger(DaneIndexResource.class);

  private final IndexSearch search;
  private final SavedResults saved;
  private final IndexResponses responses;
  private final ObjectMapper mapper;

  DaneIndexResource(
      IndexSearch search, SavedResults saved, IndexResponses responses, ObjectMapper mapper) {
    this.search = search;
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
  public ObjectNode search(@PathParam("index") String index, InputStream body) {
    JsonNode asked = json(body);
    boolean withSource = !asked.path("_source").isBoolean() || asked.path("_source").asBoolean();
    return responses.hits(index, search.find(IndexQuery.of(asked)), withSource);
  }

  /** Returns a record by its id. */
  @GET
  @Path("{index}/_doc/{id}")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public Response document(@PathParam("index") String index, @PathParam("id") String id) {
    Optional<IndexResponses.Found> found = search.document(id);
    return found.isPresent()
        ? Response.ok(responses.document(index, found.orElseThrow())).build()
        : Response.status(404).entity(responses.noDocument(index, id)).build();
  }

  /** Saves a result. */
  @POST
  @Path("{index}/_doc")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public Response save(@PathParam("index") String index, InputStream body) {
    JsonNode record = json(body);
    JsonNode role = record.path("role");
    if (!role.path("name").asText().equals("result") || !record.path("result").isObject()) {
      throw new UnsupportedQuery("a record that is not a result");
    }
    TaskId task;
    try {
      task = TaskId.fromString(role.path("parent").asText());
    } catch (IllegalArgumentException bad) {
      throw InvalidRequest.field("/role/parent", String.valueOf(bad.getMessage()));
    }
    String id = save(task, IndexedResult.read(record.path("result")));
    return Response.status(201).entity(responses.written(index, id, "created")).build();
  }

  /**
   * Accepts and discards a result that comes too late, as DANE's index accepts every result. A
   * worker that gets an error may end without an acknowledgement, and receive its message again and
   * again.
   */
  private String save(TaskId task, ResultDraft draft) {
    try {
      return saved.save(task, draft).toCompletableFuture().join().id().value();
    } catch (CompletionException failure) {
      Throwable cause = failure.getCause();
      boolean late =
          cause instanceof TaskNotFound
              || cause instanceof RunEnded
              || (cause instanceof IllegalTransition refused && refused.isStaleOrGone());
      if (!late) {
        throw failure;
      }
      LOG.info("A result for task {} came too late and is not kept: {}", task, cause + "");
      return UUID.randomUUID().toString();
    }
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
