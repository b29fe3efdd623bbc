package dev.docket.document;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.audit.Actor;
import dev.docket.auth.Caller;
import dev.docket.auth.Changes;
import dev.docket.auth.OwnedRecord;
import dev.docket.auth.Roles;
import dev.docket.auth.Sees;
import dev.docket.http.EntityTags;
import dev.docket.http.MergePatch;
import dev.docket.http.RequestBodyReader;
import dev.docket.http.RequestOrigin;
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
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** HTTP resource for documents. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class DocumentResource {

  /** Maximum number of items in an array; larger batches are sent as NDJSON. */
  static final int MAX_ITEMS = 10_000;

  private final DocumentService documents;
  private final AuditedDocuments audited;
  private final RequestBodyReader bodies;
  private final ArrayBatch array;
  private final NdjsonBatch lines;

  public DocumentResource(
      DocumentService documents,
      AuditedDocuments audited,
      RequestBodyReader bodies,
      ArrayBatch array,
      NdjsonBatch lines) {
    this.documents = documents;
    this.audited = audited;
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
      @Auth Caller caller,
      @HeaderParam(IdempotencyKey.HEADER) List<String> keys,
      @NotNull @Valid NewDocument body) {
    return documents
        .register(body, caller, IdempotencyKey.read(caller.name(), keys))
        .thenApply(
            document ->
                withDocument(Response.created(URI.create("/document/" + document.id())), document)
                    .build());
  }

  private static Response.ResponseBuilder withDocument(
      Response.ResponseBuilder builder, Document document) {
    return builder
        .entity(DocumentView.of(document))
        .header(HttpHeaders.ETAG, DocumentTag.of(document));
  }

  /** Registers documents from a JSON array. A failed item does not affect the others. */
  @POST
  @Path("documents")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public StreamingOutput registerAll(
      @Auth Caller caller,
      @HeaderParam(IdempotencyKey.HEADER) List<String> keys,
      InputStream body) {
    BatchOperation register = operation(caller, keys);
    ArrayItems items = array.read(body, MAX_ITEMS, "documents");
    return out -> array.run(items, out, register);
  }

  /** Registers any number of documents as NDJSON, with one line of output for each line. */
  @POST
  @Path("documents")
  @Consumes(NdjsonBatch.NDJSON)
  @Produces(NdjsonBatch.NDJSON)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public StreamingOutput registerLines(
      @Auth Caller caller,
      @HeaderParam(IdempotencyKey.HEADER) List<String> keys,
      InputStream body) {
    BatchOperation register = operation(caller, keys);
    return out -> lines.run(body, out, register);
  }

  private BatchOperation operation(Caller caller, List<String> keys) {
    Optional<IdempotencyKey> key = IdempotencyKey.read(caller.name(), keys);
    return item ->
        List.of(
            documents
                .register(
                    item.read(bodies, NewDocument.class),
                    caller,
                    key.map(k -> k.forItem(item.index())))
                .thenApply(DocumentView::of));
  }

  /** Returns a document, or 304 if the caller already has it. */
  @GET
  @Path("document/{id}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  @Sees(OwnedRecord.DOCUMENT)
  public CompletionStage<Response> get(
      @PathParam("id") DocumentId id,
      @HeaderParam(HttpHeaders.IF_NONE_MATCH) List<String> ifNoneMatch) {
    Optional<EntityTags> known = EntityTags.read(HttpHeaders.IF_NONE_MATCH, ifNoneMatch);
    return documents
        .get(id)
        .thenApply(
            document -> {
              String tag = DocumentTag.of(document);
              return known.filter(tags -> tags.match(tag)).isPresent()
                  ? Response.notModified().header(HttpHeaders.ETAG, tag).build()
                  : withDocument(Response.ok(), document).build();
            });
  }

  /**
   * Changes a document by a JSON merge patch if it matches {@code If-Match}. Runs that are handed
   * out later carry the changed document; a run in progress keeps what it was given.
   */
  @PATCH
  @Path("document/{id}")
  @Consumes({MergePatch.MEDIA_TYPE, MediaType.APPLICATION_JSON})
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  @Changes(OwnedRecord.DOCUMENT)
  public CompletionStage<Response> change(
      @PathParam("id") DocumentId id,
      @HeaderParam(HttpHeaders.IF_MATCH) List<String> ifMatch,
      @NotNull JsonNode body) {
    DocumentPatch patch = new DocumentPatch(body, bodies);
    return documents
        .change(id, condition(ifMatch), patch::apply)
        .thenApply(document -> withDocument(Response.ok(), document).build());
  }

  /** Deletes a document if it matches {@code If-Match}, and soon after its tasks and results. */
  @DELETE
  @Path("document/{id}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  @Changes(OwnedRecord.DOCUMENT)
  public CompletionStage<Response> delete(
      @Auth Caller caller,
      @PathParam("id") DocumentId id,
      @HeaderParam(HttpHeaders.IF_MATCH) List<String> ifMatch,
      @Context ContainerRequestContext request) {
    return audited
        .delete(Actor.of(caller, RequestOrigin.of(request)), id, condition(ifMatch))
        .thenApply(ignored -> Response.noContent().build());
  }

  private static Predicate<Document> condition(List<String> ifMatch) {
    Optional<EntityTags> required = EntityTags.read(HttpHeaders.IF_MATCH, ifMatch);
    return document ->
        required.isEmpty() || required.orElseThrow().matchStrongly(DocumentTag.of(document));
  }
}
