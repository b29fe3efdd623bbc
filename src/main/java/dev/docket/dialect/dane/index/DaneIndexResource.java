package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.auth.Caller;
import dev.docket.auth.Roles;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * The calls of Elasticsearch 7.17 with which DANE's clients read its index. Scrolls and writes have
 * resources of their own.
 */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public final class DaneIndexResource {

  private final String name;
  private final IndexSearch search;
  private final ScrollService scrolls;
  private final RecordReader records;
  private final IndexResponses responses;
  private final IndexCalls calls;
  private final StoreWait wait;

  /**
   * @param name the name of the index
   */
  DaneIndexResource(
      String name,
      IndexSearch search,
      ScrollService scrolls,
      RecordReader records,
      IndexResponses responses,
      IndexCalls calls,
      StoreWait wait) {
    this.name = name;
    this.search = search;
    this.scrolls = scrolls;
    this.records = records;
    this.responses = responses;
    this.calls = calls;
    this.wait = wait;
  }

  /** Describes the server. */
  @GET
  @RolesAllowed({Roles.WORKER, Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public ObjectNode self() {
    return responses.self();
  }

  /** Says that the server is up. */
  @HEAD
  @RolesAllowed({Roles.WORKER, Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public Response ping() {
    return Response.ok().build();
  }

  /** Says whether the index exists. */
  @HEAD
  @Path("{index: [^_/][^/]*}")
  @RolesAllowed({Roles.WORKER, Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public Response exists(@PathParam("index") String index) {
    return Response.status(index.equals(name) ? 200 : 404).build();
  }

  /** Does nothing, as the index exists. */
  @PUT
  @Path("{index: [^_/][^/]*}")
  @RolesAllowed({Roles.WORKER, Roles.ADMIN})
  public ObjectNode create(@PathParam("index") String index) {
    if (!index.equals(name)) {
      throw new IndexRejection("creating the index [" + index + "]; it has [" + name + "] only");
    }
    return responses.created();
  }

  /** Searches. */
  @POST
  @Path("{index: [^_/][^/]*}/_search")
  @RolesAllowed({Roles.WORKER, Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput search(
      @Auth Caller caller,
      @PathParam("index") String index,
      @Context UriInfo uri,
      InputStream body) {
    requireIndex(index);
    return search(caller, uri, body);
  }

  /** Searches. */
  @GET
  @Path("{index: [^_/][^/]*}/_search")
  @RolesAllowed({Roles.WORKER, Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput searchByGet(
      @Auth Caller caller,
      @PathParam("index") String index,
      @Context UriInfo uri,
      InputStream body) {
    requireIndex(index);
    return search(caller, uri, body);
  }

  /** Searches all indices, which is one. */
  @POST
  @Path("_search")
  @RolesAllowed({Roles.WORKER, Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput search(@Auth Caller caller, @Context UriInfo uri, InputStream body) {
    ObjectNode asked = calls.search(body, uri.getQueryParameters());
    String keepAlive = uri.getQueryParameters().getFirst("scroll");
    if (keepAlive != null) {
      Duration kept = IndexCalls.keepAlive(keepAlive);
      return wait.call(() -> scrolls.start(caller, asked, kept));
    }
    SearchCall call = SearchCall.read(asked);
    HitPages pages = wait.call(() -> search.find(call, caller.sees()));
    return out -> {
      try (pages) {
        responses.writeHits(out, pages.total(), pages::next, call.source(), () -> null);
      }
    };
  }

  /** Searches all indices, which is one. */
  @GET
  @Path("_search")
  @RolesAllowed({Roles.WORKER, Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput searchByGet(@Auth Caller caller, @Context UriInfo uri, InputStream body) {
    return search(caller, uri, body);
  }

  /** Returns a record by its id. */
  @GET
  @Path("{index: [^_/][^/]*}/_doc/{id}")
  @RolesAllowed({Roles.WORKER, Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public Response document(
      @Auth Caller caller,
      @PathParam("index") String index,
      @PathParam("id") String id,
      @Context UriInfo uri) {
    requireIndex(index);
    SourceFilter filter =
        SourceFilter.read(
            Objects.requireNonNullElse(
                calls.source(uri.getQueryParameters()), MissingNode.getInstance()));
    Optional<Hit> found = wait.call(() -> records.find(id, caller.sees()));
    if (found.isEmpty()) {
      return Response.status(404).entity(responses.noRecord(id)).build();
    }
    StreamingOutput body = out -> responses.writeRecord(out, found.orElseThrow(), filter);
    return Response.ok(body).build();
  }

  private void requireIndex(String index) {
    if (!index.equals(name)) {
      throw new IndexNotFound(index);
    }
  }
}
