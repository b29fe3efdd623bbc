package dev.docket.document;

import dev.docket.audit.ActionResult;
import dev.docket.audit.Actor;
import dev.docket.audit.AuditLog;
import dev.docket.audit.Intention;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Deletes documents, with an audit record for each. */
public final class AuditedDocuments {

  private final DocumentService documents;
  private final AuditLog audit;

  public AuditedDocuments(DocumentService documents, AuditLog audit) {
    this.documents = documents;
    this.audit = audit;
  }

  /**
   * Deletes a document if the condition holds; see {@link DocumentService#delete(DocumentId,
   * Predicate)}. Fails with {@link DocumentNotFound}, without an audit record, if it does not
   * exist.
   */
  public CompletionStage<Document> delete(
      Actor actor, DocumentId id, Predicate<Document> condition) {
    return documents
        .get(id)
        .thenCompose(
            document ->
                audit.perform(
                    new Intention(
                        actor, "document.delete", "document", id.value(), state(document)),
                    () -> documents.delete(id, condition),
                    deleted -> ActionResult.done(state(deleted))));
  }

  private static Map<String, @Nullable Object> state(Document document) {
    Map<String, @Nullable Object> state = new LinkedHashMap<>();
    state.put("target_id", document.target().id());
    state.put("target_type", document.target().type().wire());
    state.put("creator_id", document.creator().id());
    if (document.deleted()) {
      state.put("deleted", true);
    }
    return state;
  }
}
