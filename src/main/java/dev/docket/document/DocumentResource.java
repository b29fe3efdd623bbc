package dev.docket.document;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.auth.Roles;
import dev.docket.batch.BatchAnswer;
import dev.docket.batch.Lines;
import dev.docket.errors.Bodies;
import dev.docket.errors.Invalid;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Documents over HTTP. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class DocumentResource {

  /** The most items of a batch as an array; longer ones come as lines. */
  static final int MOST = 10_000;

  private final Documents documents;
  private final Bodies bodies;
  private final Lines lines;

  public DocumentResource(Documents documents, Bodies bodies, Lines lines) {
    this.documents = documents;
    this.bodies = bodies;
    this.lines = lines;
  }

  /** Registers one document. */
  @POST
  @Path("document")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public CompletionStage<Response> register(@NotNull @Valid NewDocument body) {
    return documents
        .register(body)
        .thenApply(
            made ->
                Response.created(URI.create("/document/" + made.id()))
                    .entity(DocumentView.of(made))
                    .build());
  }

  /** Registers many; one that cannot be registered does not keep the others from being so. */
  @POST
  @Path("documents")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public CompletionStage<BatchAnswer<DocumentView>> registerAll(@NotNull JsonNode body) {
    if (!body.isArray() || body.size() > MOST) {
      throw Invalid.field("", "must be an array of at most " + MOST + " documents");
    }
    List<CompletionStage<Document>> made = new ArrayList<>(body.size());
    body.forEach(item -> made.add(registerItem(item)));
    return BatchAnswer.of(made, DocumentView::of);
  }

  private CompletionStage<Document> registerItem(JsonNode item) {
    try {
      return documents.register(bodies.read(item, NewDocument.class));
    } catch (Invalid invalid) {
      return CompletableFuture.failedStage(invalid);
    }
  }

  /** Registers any number: a line of JSON in, a line out. */
  @POST
  @Path("documents")
  @Consumes(Lines.NDJSON)
  @Produces(Lines.NDJSON)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public StreamingOutput registerLines(InputStream body) {
    return out ->
        lines.run(
            body,
            out,
            line ->
                List.of(
                    documents
                        .register(bodies.read(line, NewDocument.class))
                        .thenApply(DocumentView::of)));
  }

  /** One document. */
  @GET
  @Path("document/{id}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  public CompletionStage<DocumentView> get(@PathParam("id") DocumentId id) {
    return documents.get(id).thenApply(DocumentView::of);
  }

  /** Deletes a document, and soon its tasks and their results. */
  @DELETE
  @Path("document/{id}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ADMIN})
  public CompletionStage<Response> delete(@PathParam("id") DocumentId id) {
    return documents.delete(id).thenApply(nothing -> Response.noContent().build());
  }
}
