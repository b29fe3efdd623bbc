package dev.docket.document;

import dev.docket.http.idempotency.IdempotencyKey;
import dev.docket.http.idempotency.IdempotencyKeyReused;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What one can do with documents. Stages complete on the store's threads, and fail with {@link
 * StoreUnavailable} when it is not known what happened.
 */
public final class DocumentService {

  private final DocumentStore store;
  private final DocumentRegistration registrations;
  private final Clock clock;
  private final Supplier<String> tokens;

  /**
   * Wires it.
   *
   * @param clock in milliseconds
   * @param tokens gives random tokens
   */
  public DocumentService(DocumentStore store, Clock clock, Supplier<String> tokens) {
    this.store = store;
    this.registrations = new DocumentRegistration(store, clock);
    this.clock = clock;
    this.tokens = tokens;
  }

  /** Registers a document; fails with {@link DocumentExists} if the pair is registered already. */
  public CompletionStage<Document> register(NewDocument asked) {
    return register(asked, Optional.empty());
  }

  /**
   * The same, but who asks again under his key for the same gets the document that he made.
   *
   * @return fails with {@link IdempotencyKeyReused} if he made it from another body
   */
  public CompletionStage<Document> register(NewDocument asked, Optional<IdempotencyKey> key) {
    String token = key.map(k -> k.asking(asked).text()).orElseGet(tokens);
    return registrations.register(asked, token);
  }

  /** The document, or {@link DocumentNotFound}. */
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

  /** Those of the documents that are there and not deleted; at most 1000 ids. */
  public CompletionStage<Map<DocumentId, Document>> get(Collection<DocumentId> ids) {
    return store
        .find(ids)
        .thenApply(
            found ->
                found.values().stream()
                    .map(Versioned::value)
                    .filter(document -> !document.deleted())
                    .collect(
                        java.util.stream.Collectors.toMap(Document::id, document -> document)));
  }

  /**
   * Deletes a document: from now on readers do not see it, and it takes no new tasks. Its tasks
   * follow soon after. Fails with {@link DocumentNotFound}.
   */
  public CompletionStage<Void> delete(DocumentId id) {
    return delete(id, document -> true);
  }

  /** The same, if it is the document that is meant; else it fails with {@link DocumentChanged}. */
  public CompletionStage<Void> delete(DocumentId id, Predicate<Document> meant) {
    return delete(id, meant, 0);
  }

  private CompletionStage<Void> delete(DocumentId id, Predicate<Document> meant, int conflicts) {
    return store
        .find(id)
        .thenCompose(
            found -> {
              Versioned<Document> seen =
                  found
                      .filter(document -> !document.value().deleted())
                      .orElseThrow(() -> new DocumentNotFound(id));
              if (!meant.test(seen.value())) {
                throw new DocumentChanged(id);
              }
              return store
                  .replace(seen.value().deletedAt(clock.instant()), seen.version())
                  .thenCompose(
                      saved ->
                          saved.match(
                              version -> CompletableFuture.<Void>completedStage(null),
                              stale ->
                                  conflicts < DocumentRegistration.MAX_CONFLICTS
                                      ? delete(id, meant, conflicts + 1)
                                      : CompletableFuture.failedStage(
                                          new StoreUnavailable("document " + id + " is changing")),
                              why -> CompletableFuture.failedStage(new UnstorableDocument(why)),
                              why -> CompletableFuture.failedStage(new StoreUnavailable(why))));
            });
  }

  /**
   * Deletes a document that is old and seems to have no tasks: readers do not see it, and it takes
   * no new tasks. It stays as a tombstone for an hour, and comes back if it has a task after all.
   *
   * @return whether that was written; if not, somebody else came first
   */
  public CompletionStage<Boolean> expire(Versioned<Document> seen) {
    return replaced(seen.value().expiredAt(clock.instant()), seen);
  }

  /**
   * Brings an expired document back, as it was.
   *
   * @return whether that was written; if not, somebody else came first
   */
  public CompletionStage<Boolean> keep(Versioned<Document> seen) {
    return replaced(seen.value().kept(), seen);
  }

  private CompletionStage<Boolean> replaced(Document document, Versioned<Document> seen) {
    return store
        .replace(document, seen.version())
        .thenApply(saved -> saved instanceof WriteOutcome.Stored);
  }

  /** Documents whose tasks are to be looked for now. Blocks. */
  public List<Versioned<Document>> purgeDue(int limit) {
    return store.purgeDue(clock.instant(), limit);
  }

  /**
   * Notes that the tasks of a deleted document have been looked for; after the last time the
   * tombstone goes, unless it is needed to find a document of the same id.
   *
   * @return whether that was written; if not, somebody else came first
   */
  public CompletionStage<Boolean> markPurged(Versioned<Document> seen) {
    Document next = seen.value().markPurged();
    boolean last = next.deleted() && next.purgeDue() == null && !next.idShared();
    CompletionStage<WriteOutcome> write =
        last ? store.remove(next.id(), seen.version()) : store.replace(next, seen.version());
    return write.thenApply(saved -> saved instanceof WriteOutcome.Stored);
  }
}
