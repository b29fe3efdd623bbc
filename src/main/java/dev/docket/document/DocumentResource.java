package dev.docket.document;

import dev.docket.auth.Caller;
import dev.docket.auth.Roles;
import dev.docket.http.RequestBodyReader;
import dev.docket.http.batch.ArrayBatch;
import dev.docket.http.batch.ArrayItems;
import dev.docket.http.batch.BatchOperation;
import dev.docket.http.batch.NdjsonBatch;
import dev.docket.http.idempotency.IdempotencyKey;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Documents over HTTP. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class DocumentResource {

  /** The most items of a batch as an array; longer ones come as lines. */
  static final int MAX_ITEMS = 10_000;

  private final DocumentService documents;
  private final RequestBodyReader bodies;
  private final ArrayBatch array;
  private final NdjsonBatch lines;

  public DocumentResource(
      DocumentService documents, RequestBodyReader bodies, ArrayBatch array, NdjsonBatch lines) {
    this.documents = documents;
    this.bodies = bodies;
    this.array = array;
    this.lines = lines;
  }

  /** Registers one document. */
  @POST
  @Path("document")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public CompletionStage<Response> register(
      @Auth Caller who,
      @HeaderParam(IdempotencyKey.HEADER) List<String> key,
      @NotNull @Valid NewDocument body) {
    return documents
        .register(body, IdempotencyKey.read(who.name(), key))
        .thenApply(
            made -> answer(Response.created(URI.create("/document/" + made.id())), made).build());
  }

  private static Response.ResponseBuilder answer(
      Response.ResponseBuilder answer, Document document) {
    return answer
        .entity(DocumentView.of(document))
        .header(HttpHeaders.ETAG, EntityTags.of(document));
  }

  /** Registers many; one that cannot be registered does not keep the others from being so. */
  @POST
  @Path("documents")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public StreamingOutput registerAll(
      @Auth Caller who, @HeaderParam(IdempotencyKey.HEADER) List<String> sent, InputStream body) {
    BatchOperation register = act(who, sent);
    ArrayItems items = array.read(body, MAX_ITEMS, "documents");
    return out -> array.run(items, out, register);
  }

  /** Registers any number: a line of JSON in, a line out. */
  @POST
  @Path("documents")
  @Consumes(NdjsonBatch.NDJSON)
  @Produces(NdjsonBatch.NDJSON)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public StreamingOutput registerLines(
      @Auth Caller who, @HeaderParam(IdempotencyKey.HEADER) List<String> sent, InputStream body) {
    BatchOperation register = act(who, sent);
    return out -> lines.run(body, out, register);
  }

  private BatchOperation act(Caller who, List<String> sent) {
    Optional<IdempotencyKey> key = IdempotencyKey.read(who.name(), sent);
    return item ->
        List.of(
            documents
                .register(item.read(bodies, NewDocument.class), key.map(k -> k.at(item.index())))
                .thenApply(DocumentView::of));
  }

  /** One document, or 304 if it is one that the caller has. */
  @GET
  @Path("document/{id}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  public CompletionStage<Response> get(
      @PathParam("id") DocumentId id, @HeaderParam(HttpHeaders.IF_NONE_MATCH) List<String> unless) {
    Optional<EntityTags> had = EntityTags.read(HttpHeaders.IF_NONE_MATCH, unless);
    return documents
        .get(id)
        .thenApply(
            document -> {
              String tag = EntityTags.of(document);
              return had.filter(tags -> tags.match(tag)).isPresent()
                  ? Response.notModified().header(HttpHeaders.ETAG, tag).build()
                  : answer(Response.ok(), document).build();
            });
  }

  /** Deletes a document, if it is the one that is meant, and soon its tasks and their results. */
  @DELETE
  @Path("document/{id}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public CompletionStage<Response> delete(
      @PathParam("id") DocumentId id, @HeaderParam(HttpHeaders.IF_MATCH) List<String> only) {
    Optional<EntityTags> meant = EntityTags.read(HttpHeaders.IF_MATCH, only);
    return documents
        .delete(
            id,
            document ->
                meant.isEmpty() || meant.orElseThrow().matchStrongly(EntityTags.of(document)))
        .thenApply(nothing -> Response.noContent().build());
  }
}
