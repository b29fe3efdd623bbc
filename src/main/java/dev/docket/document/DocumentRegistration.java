package dev.docket.document;

import dev.docket.auth.Caller;
import dev.docket.http.Problem;
import dev.docket.http.idempotency.CreationKey;
import dev.docket.store.ImmutableJson;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.Unstorable;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Registers documents, each pair of target and creator once. Most ids are free, so the record is
 * written first and existing records are read only if that write fails.
 *
 * <p>A pair whose first id belongs to another pair gets its second id. A later registration of the
 * pair must find it there, so the first id must never become free again: the record that has it is
 * marked first, and stays as a tombstone when it is deleted.
 */
final class DocumentRegistration {

  /** How often a registration is retried after a conflict with another write. */
  static final int MAX_CONFLICTS = 10;

  private final DocumentStore store;
  private final Clock clock;

  DocumentRegistration(DocumentStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * Registers a document. If the pair is already registered under this token, completes with that
   * document, or fails with a {@link Problem} if its body was different. If it is registered under
   * another token, fails with {@link DocumentExists}.
   */
  CompletionStage<Document> register(NewDocument submission, Caller caller, String token) {
    DocumentId first = DocumentId.of(submission.target(), submission.creator());
    Document document = document(submission, caller, token, first);
    return store
        .create(document)
        .thenCompose(outcome -> completeOrRetry(submission, caller, document, outcome, 0));
  }

  private Document document(NewDocument submission, Caller caller, String token, DocumentId id) {
    Instant now = clock.instant();
    return new Document(
        id,
        submission.target(),
        submission.creator(),
        ImmutableJson.map(submission.metadata()),
        now,
        now,
        Document.FIRST_VERSION,
        null,
        null,
        0,
        null,
        false,
        false,
        caller.owner(),
        token);
  }

  private CompletionStage<Document> completeOrRetry(
      NewDocument submission,
      Caller caller,
      Document document,
      WriteOutcome outcome,
      int conflicts) {
    return outcome.match(
        version -> CompletableFuture.completedStage(document),
        conflict ->
            conflicts < MAX_CONFLICTS
                ? register(submission, caller, document.creationToken(), conflicts + 1)
                : tooManyConflicts(document.id()),
        reason -> CompletableFuture.failedStage(new Unstorable("document", reason)));
  }

  static CompletionStage<Document> tooManyConflicts(DocumentId id) {
    return CompletableFuture.failedStage(
        new StoreUnavailable("too many concurrent changes to document " + id + "; try again"));
  }

  private CompletionStage<Document> register(
      NewDocument submission, Caller caller, String token, int conflicts) {
    DocumentId first = DocumentId.of(submission.target(), submission.creator());
    DocumentId second = DocumentId.second(submission.target(), submission.creator());
    return store
        .find(List.of(first, second))
        .thenCompose(
            found -> {
              Optional<Document> existing = findLive(found, submission);
              if (existing.isPresent()) {
                return completeIfOwn(existing.orElseThrow(), caller, token);
              }
              Versioned<Document> atFirst = found.get(first);
              if (atFirst == null || isSamePair(submission, atFirst.value())) {
                return write(
                    submission,
                    caller,
                    document(submission, caller, token, first),
                    atFirst,
                    conflicts);
              }
              Document document = document(submission, caller, token, second);
              Versioned<Document> atSecond = found.get(second);
              if (atSecond != null && !isSamePair(submission, atSecond.value())) {
                // Only pairs whose ids contain a NUL get here.
                return CompletableFuture.failedStage(
                    new Unstorable(
                        "document",
                        "other documents already have both ids that this one could have"));
              }
              if (atFirst.value().idShared()) {
                return write(submission, caller, document, atSecond, conflicts);
              }
              return store
                  .replace(atFirst.value().withSharedId(), atFirst.version())
                  .thenCompose(
                      marked ->
                          marked instanceof WriteOutcome.Stored
                              ? write(submission, caller, document, atSecond, conflicts)
                              : completeOrRetry(submission, caller, document, marked, conflicts));
            });
  }

  private static boolean isSamePair(NewDocument submission, Document document) {
    return document.samePair(submission.target(), submission.creator());
  }

  private static Optional<Document> findLive(
      Map<DocumentId, Versioned<Document>> found, NewDocument submission) {
    return found.values().stream()
        .map(Versioned::value)
        .filter(document -> !document.deleted() && isSamePair(submission, document))
        .findFirst();
  }

  private static CompletionStage<Document> completeIfOwn(
      Document document, Caller caller, String token) {
    boolean own =
        document.creationToken().equals(token)
            || CreationKey.ofText(token)
                .map(key -> key.matches(CreationKey.ofText(document.creationToken()).orElse(null)))
                .orElse(false);
    return own
        ? CompletableFuture.completedStage(document)
        : CompletableFuture.failedStage(DocumentExists.of(document, caller.sees()));
  }

  /** Creates the record, or replaces a tombstone of this pair. */
  private CompletionStage<Document> write(
      NewDocument submission,
      Caller caller,
      Document created,
      @Nullable Versioned<Document> tombstone,
      int conflicts) {
    Document document = tombstone == null ? created : created.replacing(tombstone.value());
    CompletionStage<WriteOutcome> write =
        tombstone == null ? store.create(document) : store.replace(document, tombstone.version());
    return write.thenCompose(
        outcome -> completeOrRetry(submission, caller, document, outcome, conflicts));
  }
}
