package dev.docket.dialect.dane;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.auth.Roles;
import dev.docket.document.Document;
import dev.docket.document.DocumentExists;
import dev.docket.document.DocumentId;
import dev.docket.document.DocumentService;
import dev.docket.document.NewDocument;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** DANE's documents, one and many. */
@Path("/DANE")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public final class DaneDocumentResource {

  private static final int MAX_CONCURRENT = 500;

  private final DocumentService documents;
  private final DaneBodies bodies;
  private final DaneBatch batch;

  DaneDocumentResource(DocumentService documents, DaneBodies bodies, DaneBatch batch) {
    this.documents = documents;
    this.bodies = bodies;
    this.batch = batch;
  }

  /** Registers one. */
  @POST
  @Path("document")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public CompletionStage<Response> register(InputStream body) {
    JsonNode sent =
        bodies
            .json(body)
            .orElseThrow(
                () -> DaneRefusal.badDocument(DaneBodies.error("", "must be a JSON object")));
    return register(sent)
        .thenApply(made -> Response.status(Response.Status.CREATED).entity(made).build());
  }

  private CompletionStage<DaneDocument> register(JsonNode sent) {
    NewDocument asked = bodies.document(sent);
    return documents
        .register(asked)
        .handle(
            (made, failure) -> {
              if (made != null) {
                return DaneDocument.of(made);
              }
              Throwable cause =
                  failure instanceof CompletionException ? failure.getCause() : failure;
              if (cause instanceof DocumentExists) {
                throw DaneRefusal.conflict(
                    "A document with target.id `%s`, and creator.id `%s` already exists"
                        .formatted(asked.target().id(), asked.creator().id()));
              }
              throw new CompletionException(cause);
            });
  }

  /** One document. */
  @GET
  @Path("document/{id}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  public CompletionStage<DaneDocument> get(@PathParam("id") DocumentId id) {
    return documents.get(id).thenApply(DaneDocument::of);
  }

  /** Deletes one, with its tasks. */
  @DELETE
  @Path("document/{id}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public CompletionStage<Response> delete(@PathParam("id") DocumentId id) {
    return documents.delete(id).thenApply(nothing -> Response.ok().build());
  }

  /** The same, from DANE's web page. */
  @GET
  @Path("document/{id}/delete")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public CompletionStage<Response> deleteByGet(@PathParam("id") DocumentId id) {
    return delete(id);
  }

  /** Registers many. */
  @POST
  @Path("documents")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public StreamingOutput registerAll(InputStream body) {
    List<JsonNode> items = array(body, "documents");
    return out ->
        batch.run(
            out, items, this::register, (item, why) -> Map.of("document", item, "error", why));
  }

  private List<JsonNode> array(InputStream body, String what) {
    return bodies
        .array(body)
        .orElseThrow(
            () -> DaneRefusal.badDocument(DaneBodies.error("", "must be a JSON array of " + what)));
  }

  /** Several, by their ids; 404 if one of them is not there. */
  @GET
  @Path("documents")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  public List<DaneDocument> getAll(@Context UriInfo uri) {
    List<String> asked = DaneParameters.ids(uri, "doc");
    List<DaneDocument> found = new ArrayList<>();
    for (int from = 0; from < asked.size(); from += MAX_CONCURRENT) {
      List<String> slice = asked.subList(from, Math.min(asked.size(), from + MAX_CONCURRENT));
      List<DocumentId> ids = slice.stream().map(DaneDocumentResource::known).toList();
      Map<DocumentId, Document> there = documents.get(ids).toCompletableFuture().join();
      for (DocumentId id : ids) {
        Document document = there.get(id);
        if (document == null) {
          throw unknown(id.value());
        }
        found.add(DaneDocument.of(document));
      }
    }
    return found;
  }

  private static DocumentId known(String id) {
    try {
      return DocumentId.fromString(id);
    } catch (IllegalArgumentException none) {
      throw unknown(id);
    }
  }

  private static DaneRefusal unknown(String id) {
    return DaneRefusal.notFound("No document with id `" + id + "` found");
  }

  /** Deletes several; those that are not there are none the worse for it. */
  @DELETE
  @Path("documents")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public Response deleteAll(@Context UriInfo uri) {
    deleteThoseThere(DaneParameters.ids(uri, "docs"));
    return Response.ok().build();
  }

  /** The same, with the ids in the body. */
  @POST
  @Path("document/batchdelete")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public Response batchDelete(InputStream body) {
    List<String> ids = new ArrayList<>();
    for (JsonNode id : array(body, "ids")) {
      if (!id.isTextual()) {
        throw DaneRefusal.badDocument(DaneBodies.error("/" + ids.size(), "must be a text"));
      }
      ids.add(id.textValue());
    }
    deleteThoseThere(ids);
    return Response.ok().build();
  }

  private void deleteThoseThere(List<String> ids) {
    for (int from = 0; from < ids.size(); from += MAX_CONCURRENT) {
      List<CompletableFuture<Void>> deleting =
          ids.subList(from, Math.min(ids.size(), from + MAX_CONCURRENT)).stream()
              .map(this::deleteIfThere)
              .toList();
      CompletableFuture.allOf(deleting.toArray(CompletableFuture[]::new)).join();
    }
  }

  private CompletableFuture<Void> deleteIfThere(String text) {
    DocumentId id;
    try {
      id = DocumentId.fromString(text);
    } catch (IllegalArgumentException none) {
      return CompletableFuture.completedFuture(null);
    }
    return documents
        .delete(id)
        .exceptionallyCompose(
            failure ->
                DaneParameters.isNotFound(failure)
                    ? CompletableFuture.completedStage(null)
                    : CompletableFuture.failedStage(failure))
        .toCompletableFuture();
  }
}
