package dev.docket.dialect.dane;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.audit.Actor;
import dev.docket.auth.Caller;
import dev.docket.auth.Changes;
import dev.docket.auth.Forbidden;
import dev.docket.auth.OwnedRecord;
import dev.docket.auth.Roles;
import dev.docket.auth.Sees;
import dev.docket.concurrent.Stages;
import dev.docket.document.Document;
import dev.docket.document.DocumentExists;
import dev.docket.document.DocumentId;
import dev.docket.document.DocumentNotFound;
import dev.docket.document.DocumentService;
import dev.docket.document.NewDocument;
import dev.docket.http.ChangesByGet;
import dev.docket.http.InvalidRequest;
import dev.docket.http.RequestOrigin;
import dev.docket.http.batch.BatchItem;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** DANE's {@code /document/} and {@code /documents/}. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public final class DaneDocumentResource {

  private static final int MAX_CONCURRENT = 500;

  private final DocumentService documents;
  private final DaneBodies bodies;
  private final DaneBatch batch;
  private final DaneDeletion deletion;

  DaneDocumentResource(
      DocumentService documents, DaneBodies bodies, DaneBatch batch, DaneDeletion deletion) {
    this.documents = documents;
    this.bodies = bodies;
    this.batch = batch;
    this.deletion = deletion;
  }

  /** Registers a document. */
  @POST
  @Path("document")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public CompletionStage<DaneDocument> register(@Auth Caller who, InputStream body) {
    return register(bodies.document(bodies.json(body)), who);
  }

  private CompletionStage<DaneDocument> register(NewDocument asked, Caller who) {
    return documents
        .register(asked, who)
        .thenApply(DaneDocument::of)
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedStage(
                    Stages.cause(failure) instanceof DocumentExists exists
                        ? new DocumentAlreadyExists(exists.existing())
                        : failure));
  }

  /** Shows a document. */
  @GET
  @Path("document/{id}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  @Sees(OwnedRecord.DOCUMENT)
  public CompletionStage<DaneDocument> get(@PathParam("id") DocumentId id) {
    return documents.get(id).thenApply(DaneDocument::of);
  }

  /** Deletes a document, with its tasks and their results. */
  @DELETE
  @Path("document/{id}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  @Changes(OwnedRecord.DOCUMENT)
  public Response delete(
      @Auth Caller who, @PathParam("id") DocumentId id, @Context ContainerRequestContext request) {
    if (!deletion.delete(Actor.of(who, RequestOrigin.of(request)), List.of(id))) {
      throw new DocumentNotFound(id);
    }
    return DaneResponses.empty();
  }

  /** Deletes a document, as DANE 0.2 did. */
  @GET
  @ChangesByGet
  @Path("document/{id}/delete")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  @Changes(OwnedRecord.DOCUMENT)
  public Response deleteByGet(
      @Auth Caller who, @PathParam("id") DocumentId id, @Context ContainerRequestContext request) {
    return delete(who, id, request);
  }

  /** Registers several documents; each item is an object or a text that holds its JSON. */
  @POST
  @Path("documents")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public StreamingOutput registerAll(@Auth Caller who, InputStream body) {
    List<BatchItem> items = bodies.array(body, "documents");
    return out ->
        batch.run(
            out,
            items,
            item -> register(bodies.document(bodies.unwrapped(bodies.parsed(item))), who),
            (item, cause) -> failure(item, cause, who));
  }

  private DaneBatch.Failure failure(BatchItem item, Throwable cause, Caller who) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    if (cause instanceof DocumentAlreadyExists exists
        && who.sees().includes(exists.existing().owner())) {
      shown.put("document", DaneDocument.of(exists.existing()));
      shown.put("invalid", DaneResponses.NO_FIELDS);
    } else {
      shown.put("invalid", shown(item));
    }
    shown.put("error", DaneBatch.message(cause));
    return DaneBatch.Failure.of(shown);
  }

  private Object shown(BatchItem item) {
    try {
      return bodies.parsed(item);
    } catch (InvalidRequest unreadable) {
      return item.text();
    }
  }

  /** Shows several documents; 404 if one of them does not exist. */
  @GET
  @Path("documents")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  public List<DaneDocument> getAll(@Auth Caller who, @Context UriInfo uri) {
    List<String> asked = DaneParameters.ids(uri, "doc");
    List<DaneDocument> shown = new ArrayList<>();
    for (int from = 0; from < asked.size(); from += MAX_CONCURRENT) {
      List<String> slice = asked.subList(from, Math.min(asked.size(), from + MAX_CONCURRENT));
      List<DocumentId> ids = slice.stream().map(DaneDocumentResource::id).toList();
      Map<DocumentId, Document> found = documents.get(ids).toCompletableFuture().join();
      for (DocumentId id : ids) {
        Document document = found.get(id);
        if (document == null || !who.sees().includes(document.owner())) {
          throw DaneRefusal.unknownDocument(id.value());
        }
        shown.add(DaneDocument.of(document));
      }
    }
    return shown;
  }

  private static DocumentId id(String text) {
    return DaneParameters.documentId(text).orElseThrow(() -> DaneRefusal.unknownDocument(text));
  }

  /** Deletes several documents; ignores those that do not exist. */
  @DELETE
  @Path("documents")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public Response deleteAll(
      @Auth Caller who, @Context UriInfo uri, @Context ContainerRequestContext request) {
    deleteExisting(who, request, DaneParameters.ids(uri, "docs"));
    return DaneResponses.empty();
  }

  /** Deletes several documents, as DANE 0.2 did. */
  @POST
  @Path("document/batchdelete")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public Response batchDelete(
      @Auth Caller who, InputStream body, @Context ContainerRequestContext request) {
    List<String> ids = new ArrayList<>();
    for (BatchItem item : bodies.array(body, "ids")) {
      JsonNode id = bodies.parsed(item);
      if (!id.isTextual()) {
        throw DaneRefusal.invalidDocument(DaneBodies.error("/" + ids.size(), "must be a text"));
      }
      ids.add(id.textValue());
    }
    deleteExisting(who, request, ids);
    return DaneResponses.empty();
  }

  /** Deletes the documents that exist for the caller, unless it may only see one of them. */
  private void deleteExisting(Caller who, ContainerRequestContext request, List<String> texts) {
    List<List<DocumentId>> slices = new ArrayList<>();
    List<DocumentId> all =
        texts.stream().flatMap(text -> DaneParameters.documentId(text).stream()).toList();
    Forbidden.requireUnlimited(who);
    for (int from = 0; from < all.size(); from += MAX_CONCURRENT) {
      List<DocumentId> slice = all.subList(from, Math.min(all.size(), from + MAX_CONCURRENT));
      slices.add(who.changes().includesAll() ? slice : changeable(slice, who));
    }
    Actor actor = Actor.of(who, RequestOrigin.of(request));
    slices.forEach(slice -> deletion.delete(actor, slice));
  }

  private List<DocumentId> changeable(List<DocumentId> ids, Caller who) {
    List<DocumentId> changeable = new ArrayList<>();
    for (Document document : documents.get(ids).toCompletableFuture().join().values()) {
      if (who.changes().includes(document.owner())) {
        changeable.add(document.id());
      } else if (who.sees().includes(document.owner())) {
        throw Forbidden.change(who, OwnedRecord.DOCUMENT, document.id().value());
      }
    }
    return changeable;
  }
}
