package dev.docket.document;

import dev.docket.http.idempotency.CreationKey;
import dev.docket.http.idempotency.IdempotencyKeyReused;
import dev.docket.store.ImmutableJson;
import dev.docket.store.StoreUnavailable;
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
 * Makes documents, each pair of target and creator once. Most ids are free, so the record is
 * written first, and looked for only where that does not work.
 *
 * <p>A pair whose first id another pair has gets its second one. Whoever registers it later must
 * find it there, so the first id must never be free again: the record that has it is marked before,
 * and stays as a tombstone when it is deleted.
 */
final class DocumentRegistration {

  /** How often a registration is decided again after somebody else was faster. */
  static final int MAX_CONFLICTS = 10;

  private final DocumentStore store;
  private final Clock clock;

  DocumentRegistration(DocumentStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * Fails with {@link DocumentExists} if the pair is registered, unless that was under this token:
   * with {@link IdempotencyKeyReused} if from another body.
   */
  CompletionStage<Document> register(NewDocument asked, String token) {
    Document document = document(asked, token, DocumentId.of(asked.target(), asked.creator()));
    return store.create(document).thenCompose(saved -> made(asked, document, saved, 0));
  }

  private Document document(NewDocument asked, String token, DocumentId id) {
    Instant now = clock.instant();
    return new Document(
        id,
        asked.target(),
        asked.creator(),
        ImmutableJson.map(asked.metadata()),
        now,
        now,
        null,
        null,
        0,
        null,
        false,
        false,
        token);
  }

  private CompletionStage<Document> made(
      NewDocument asked, Document document, WriteOutcome saved, int conflicts) {
    return saved.match(
        version -> CompletableFuture.completedStage(document),
        stale ->
            conflicts < MAX_CONFLICTS
                ? register(asked, document.creationToken(), conflicts + 1)
                : CompletableFuture.failedStage(
                    new StoreUnavailable("document " + document.id() + " is changing too fast")),
        why -> CompletableFuture.failedStage(new UnstorableDocument(why)),
        why -> CompletableFuture.failedStage(new StoreUnavailable(why)));
  }

  private CompletionStage<Document> register(NewDocument asked, String token, int conflicts) {
    DocumentId first = DocumentId.of(asked.target(), asked.creator());
    DocumentId second = DocumentId.second(asked.target(), asked.creator());
    return store
        .find(List.of(first, second))
        .thenCompose(
            found -> {
              Optional<Document> there = living(found, asked);
              if (there.isPresent()) {
                return existing(there.orElseThrow(), token);
              }
              Versioned<Document> atFirst = found.get(first);
              if (atFirst == null || isOf(asked, atFirst.value())) {
                return write(asked, document(asked, token, first), atFirst, conflicts);
              }
              Document document = document(asked, token, second);
              Versioned<Document> atSecond = found.get(second);
              if (atSecond != null && !isOf(asked, atSecond.value())) {
                // It takes ids with a NUL in them to get here.
                return CompletableFuture.failedStage(
                    new UnstorableDocument(
                        "other documents have both of the ids that it could have"));
              }
              if (atFirst.value().idShared()) {
                return write(asked, document, atSecond, conflicts);
              }
              return store
                  .replace(atFirst.value().sharingItsId(), atFirst.version())
                  .thenCompose(
                      marked ->
                          marked instanceof WriteOutcome.Stored
                              ? write(asked, document, atSecond, conflicts)
                              : made(asked, document, marked, conflicts));
            });
  }

  private static boolean isOf(NewDocument asked, Document document) {
    return document.samePair(asked.target(), asked.creator());
  }

  private static Optional<Document> living(
      Map<DocumentId, Versioned<Document>> found, NewDocument asked) {
    return found.values().stream()
        .map(Versioned::value)
        .filter(document -> !document.deleted() && isOf(asked, document))
        .findFirst();
  }

  private static CompletionStage<Document> existing(Document document, String token) {
    boolean his =
        document.creationToken().equals(token)
            || CreationKey.ofText(token)
                .map(key -> key.isOf(CreationKey.ofText(document.creationToken()).orElse(null)))
                .orElse(false);
    return his
        ? CompletableFuture.completedStage(document)
        : CompletableFuture.failedStage(new DocumentExists(document.id()));
  }

  /** Where nothing is, or over a tombstone of this pair. */
  private CompletionStage<Document> write(
      NewDocument asked, Document fresh, @Nullable Versioned<Document> tombstone, int conflicts) {
    Document document = tombstone == null ? fresh : fresh.inPlaceOf(tombstone.value());
    CompletionStage<WriteOutcome> write =
        tombstone == null ? store.create(document) : store.replace(document, tombstone.version());
    return write.thenCompose(saved -> made(asked, document, saved, conflicts));
  }
}
