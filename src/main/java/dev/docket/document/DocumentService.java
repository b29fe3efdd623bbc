package dev.docket.document;

import dev.docket.auth.Caller;
import dev.docket.auth.OwnerFilter;
import dev.docket.http.Problem;
import dev.docket.http.idempotency.IdempotencyKey;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.Unstorable;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Operations on documents. Stages complete on the store's threads, and fail with {@link
 * StoreUnavailable} if the outcome is unknown.
 */
public final class DocumentService {

  private final DocumentStore store;
  private final DocumentRegistration registration;
  private final Clock clock;
  private final Supplier<String> tokens;

  /**
   * Creates the service.
   *
   * @param clock a clock with millisecond resolution
   * @param tokens a source of random tokens
   */
  public DocumentService(DocumentStore store, Clock clock, Supplier<String> tokens) {
    this.store = store;
    this.registration = new DocumentRegistration(store, clock);
    this.clock = clock;
    this.tokens = tokens;
  }

  /** Registers a document; fails with {@link DocumentExists} if the pair is already registered. */
  public CompletionStage<Document> register(NewDocument submission, Caller caller) {
    return register(submission, caller, Optional.empty());
  }

  /**
   * Registers a document. A repeated request with the same key and body gets the existing document.
   *
   * @return fails with {@link DocumentExists} if the pair is already registered, and with another
   *     {@link Problem} if the key was used with a different body
   */
  public CompletionStage<Document> register(
      NewDocument submission, Caller caller, Optional<IdempotencyKey> key) {
    String token = key.map(k -> k.creationKey(submission).text()).orElseGet(tokens);
    return registration.register(submission, caller, token);
  }

  /** Returns a document; fails with {@link DocumentNotFound}. */
  public CompletionStage<Document> get(DocumentId id) {
    return store
        .find(id)
        .thenApply(
            found ->
                found
                    .map(Versioned::value)
                    .filter(document -> !document.deleted())
                    .orElseThrow(() -> new DocumentNotFound(id)));
  }

  /** Returns a document of one of these owners; otherwise fails with {@link DocumentNotFound}. */
  public CompletionStage<Document> get(DocumentId id, OwnerFilter owners) {
    return get(id)
        .thenApply(
            document -> {
              if (!owners.includes(document.owner())) {
                throw new DocumentNotFound(id);
              }
              return document;
            });
  }

  /** Returns the documents that exist and are not deleted; at most 1000 ids. */
  public CompletionStage<Map<DocumentId, Document>> get(Collection<DocumentId> ids) {
    return store
        .find(ids)
        .thenApply(
            found ->
                found.values().stream()
                    .map(Versioned::value)
                    .filter(document -> !document.deleted())
                    .collect(Collectors.toMap(Document::id, document -> document)));
  }

  /**
   * Returns a document as it is now, without its metadata; empty if it does not exist or is
   * deleted.
   */
  public CompletionStage<Optional<Document>> findWithoutMetadata(DocumentId id) {
    return store
        .findWithoutMetadata(id)
        .thenApply(found -> found.filter(document -> !document.deleted()));
  }

  /**
   * Changes the content of a document if the condition holds; otherwise fails with a {@link
   * Problem}. After a conflict with another write, reads the document and decides again.
   *
   * @param change returns the new content, of the same identity and type, or empty for no change;
   *     the stage fails with what it throws
   * @return completes with the document as it is then; fails with {@link DocumentNotFound}
   */
  public CompletionStage<Document> change(
      DocumentId id,
      Predicate<Document> condition,
      Function<Document, Optional<NewDocument>> change) {
    return update(
        id,
        condition,
        document ->
            change.apply(document).map(content -> document.changed(content, clock.instant())),
        0);
  }

  /** Writes what the function returns, or nothing; decides again after a conflict. */
  private CompletionStage<Document> update(
      DocumentId id,
      Predicate<Document> condition,
      Function<Document, Optional<Document>> change,
      int conflicts) {
    return store
        .find(id)
        .thenCompose(
            found -> {
              Versioned<Document> current = live(id, found, condition);
              Optional<Document> next = change.apply(current.value());
              if (next.isEmpty()) {
                return CompletableFuture.completedStage(current.value());
              }
              return store
                  .replace(next.orElseThrow(), current.version())
                  .thenCompose(
                      outcome ->
                          outcome.match(
                              version -> CompletableFuture.completedStage(next.orElseThrow()),
                              conflict ->
                                  conflicts < DocumentRegistration.MAX_CONFLICTS
                                      ? update(id, condition, change, conflicts + 1)
                                      : DocumentRegistration.tooManyConflicts(id),
                              reason ->
                                  CompletableFuture.failedStage(
                                      new Unstorable("document", reason))));
            });
  }

  private static Versioned<Document> live(
      DocumentId id, Optional<Versioned<Document>> found, Predicate<Document> condition) {
    Versioned<Document> current =
        found
            .filter(document -> !document.value().deleted())
            .orElseThrow(() -> new DocumentNotFound(id));
    if (!condition.test(current.value())) {
      throw new Problem(
          Problem.Kind.PRECONDITION_FAILED,
          "If-Match: document " + id + " does not have this ETag; read it again");
    }
    return current;
  }

  /**
   * Deletes a document. Readers no longer see it, and it accepts no new tasks. A sweep removes its
   * tasks soon after. Fails with {@link DocumentNotFound}.
   *
   * @return completes with the deleted document
   */
  public CompletionStage<Document> delete(DocumentId id) {
    return delete(id, document -> true);
  }

  /** Deletes a document if the condition holds; otherwise fails with a {@link Problem}. */
  public CompletionStage<Document> delete(DocumentId id, Predicate<Document> condition) {
    return update(id, condition, document -> Optional.of(document.asDeleted(clock.instant())), 0);
  }

  /**
   * Deletes a document that is old and apparently has no tasks. Readers no longer see it, and it
   * accepts no new tasks. It stays as a tombstone for an hour, and is restored if it has a task
   * after all.
   *
   * @return whether this was written; false after a conflict with another write
   */
  public CompletionStage<Boolean> expire(Versioned<Document> current) {
    return replace(current.value().asExpired(clock.instant()), current);
  }

  /**
   * Restores an expired document.
   *
   * @return whether this was written; false after a conflict with another write
   */
  public CompletionStage<Boolean> restore(Versioned<Document> current) {
    return replace(current.value().restored(), current);
  }

  private CompletionStage<Boolean> replace(Document document, Versioned<Document> current) {
    return store
        .replace(document, current.version())
        .thenApply(outcome -> outcome instanceof WriteOutcome.Stored);
  }

  /** Searches for documents for whose tasks a search is due now. Blocks. */
  public List<Versioned<Document>> purgeDue(int limit) {
    return store.purgeDue(clock.instant(), limit);
  }

  /**
   * Records a search for the tasks of a deleted document. After the last search the tombstone is
   * removed, unless another pair uses its second id because of it.
   *
   * @return whether this was written; false after a conflict with another write
   */
  public CompletionStage<Boolean> markPurged(Versioned<Document> current) {
    Document next = current.value().markPurged();
    boolean last = next.deleted() && next.purgeDue() == null && !next.idShared();
    CompletionStage<WriteOutcome> write =
        last ? store.remove(next.id(), current.version()) : store.replace(next, current.version());
    return write.thenApply(outcome -> outcome instanceof WriteOutcome.Stored);
  }
}
