package dev.docket.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.auth.Caller;
import dev.docket.store.Unstorable;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/**
 * Registers pairs of target and creator; {@code (a, bc)} and {@code (ab, c)} have the same first
 * id.
 */
final class DocumentRegistrationTest {

  private static final NewDocument FIRST_PAIR = pair("a", "bc");
  private static final NewDocument SECOND_PAIR = pair("ab", "c");
  private static final DocumentId FIRST_ID =
      DocumentId.of(SECOND_PAIR.target(), SECOND_PAIR.creator());
  private static final DocumentId SECOND_ID =
      DocumentId.second(SECOND_PAIR.target(), SECOND_PAIR.creator());

  private final MemoryDocumentStore store = new MemoryDocumentStore();
  private final List<String> calls = new ArrayList<>();
  private Runnable afterFind = () -> {};
  private Runnable afterReplace = () -> {};
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final DocumentService documents =
      new DocumentService(
          new InterceptedStore(),
          ((InstantSource) () -> now).withZone(ZoneOffset.UTC),
          () -> UUID.randomUUID().toString());

  private static NewDocument pair(String target, String creator) {
    return new NewDocument(
        new Target(target, "u", TargetType.TEXT, Map.of()),
        new Creator(creator, CreatorType.ORGANIZATION, null, Map.of()),
        Map.of());
  }

  private Document register(NewDocument pair) {
    return documents.register(pair, Caller.ANONYMOUS).toCompletableFuture().join();
  }

  /** Deletes a document and purges it until nothing is due. */
  private void deleteAndPurge(DocumentId id) {
    documents.delete(id).toCompletableFuture().join();
    for (int i = 0; i < 5; i++) {
      documents.purgeDue(10).forEach(due -> documents.markPurged(due).toCompletableFuture().join());
      now = now.plus(Duration.ofHours(2));
    }
  }

  @Test
  void registersNewDocumentWithOneWriteAndNoRead() {
    register(FIRST_PAIR);
    assertThat(calls).containsExactly("create");
  }

  @Test
  void rejectsRegisteredPairWithItsId() {
    Document existing = register(FIRST_PAIR);
    assertThatThrownBy(() -> register(FIRST_PAIR))
        .hasCauseInstanceOf(DocumentExists.class)
        .hasMessageContaining(existing.id().value());
  }

  @Test
  void registersPairWithSecondIdOnce() {
    assertThat(register(FIRST_PAIR).id()).isEqualTo(FIRST_ID);
    assertThat(register(SECOND_PAIR).id()).isEqualTo(SECOND_ID);
    assertThatThrownBy(() -> register(SECOND_PAIR))
        .hasCauseInstanceOf(DocumentExists.class)
        .hasMessageContaining(SECOND_ID.value());
  }

  @Test
  void findsPairWithSecondIdAfterFirstIdWasDeleted() {
    register(FIRST_PAIR);
    register(SECOND_PAIR);
    deleteAndPurge(FIRST_ID);

    assertThatThrownBy(() -> register(SECOND_PAIR))
        .hasCauseInstanceOf(DocumentExists.class)
        .hasMessageContaining(SECOND_ID.value());
    assertThatThrownBy(() -> documents.get(FIRST_ID).toCompletableFuture().join())
        .hasCauseInstanceOf(DocumentNotFound.class);
  }

  @Test
  void keepsSharedIdWhenFirstPairIsRegisteredAgain() {
    register(FIRST_PAIR);
    register(SECOND_PAIR);
    deleteAndPurge(FIRST_ID);
    assertThat(register(FIRST_PAIR).id()).isEqualTo(FIRST_ID);
    deleteAndPurge(FIRST_ID);

    assertThatThrownBy(() -> register(SECOND_PAIR)).hasCauseInstanceOf(DocumentExists.class);
  }

  @Test
  void keepsSharedIdWhenExpiredPairIsRegisteredAgain() {
    register(FIRST_PAIR);
    register(SECOND_PAIR);
    Versioned<Document> first = store.find(FIRST_ID).toCompletableFuture().join().orElseThrow();
    assertThat(documents.expire(first).toCompletableFuture().join()).isTrue();
    assertThat(register(FIRST_PAIR).predecessor()).isNull();
    deleteAndPurge(FIRST_ID);

    assertThatThrownBy(() -> register(SECOND_PAIR)).hasCauseInstanceOf(DocumentExists.class);
  }

  @Test
  void removesTombstoneWhoseIdIsNotShared() {
    register(FIRST_PAIR);
    deleteAndPurge(FIRST_ID);
    assertThat(store.all()).isEmpty();
    assertThat(register(SECOND_PAIR).id()).isEqualTo(FIRST_ID);
  }

  @Test
  void usesFirstIdThatBecomesFreeDuringRegistration() {
    register(FIRST_PAIR);
    afterFind =
        () -> {
          afterFind = () -> {};
          deleteAndPurge(FIRST_ID);
        };
    assertThat(register(SECOND_PAIR).id()).isEqualTo(FIRST_ID);
    assertThat(store.all()).hasSize(1);
  }

  @Test
  void registersNothingIfKilledBetweenWritesAndCanBeRetried() {
    register(FIRST_PAIR);
    afterReplace =
        () -> {
          afterReplace = () -> {};
          throw new IllegalStateException("killed");
        };
    assertThatThrownBy(() -> register(SECOND_PAIR)).hasRootCauseMessage("killed");
    assertThatThrownBy(() -> documents.get(SECOND_ID).toCompletableFuture().join())
        .hasCauseInstanceOf(DocumentNotFound.class);
    assertThat(
            documents
                .get(FIRST_ID)
                .toCompletableFuture()
                .join()
                .samePair(FIRST_PAIR.target(), FIRST_PAIR.creator()))
        .isTrue();

    assertThat(register(SECOND_PAIR).id()).isEqualTo(SECOND_ID);
  }

  @Test
  void neverReplacesAnotherPair() {
    register(FIRST_PAIR);
    Document withNul = register(pair("ab\0", "c"));
    assertThat(withNul.id()).isEqualTo(SECOND_ID);
    assertThatThrownBy(() -> register(SECOND_PAIR)).hasCauseInstanceOf(Unstorable.class);
    assertThat(register(pair("ab", "\0c")).id()).isNotIn(FIRST_ID, SECOND_ID);
  }

  /** Records calls, and runs a callback after some of them. */
  private final class InterceptedStore implements DocumentStore {

    @Override
    public CompletionStage<WriteOutcome> create(Document document) {
      calls.add("create");
      return store.create(document);
    }

    @Override
    public CompletionStage<WriteOutcome> replace(Document document, Version version) {
      calls.add("replace");
      var replaced = store.replace(document, version);
      afterReplace.run();
      return replaced;
    }

    @Override
    public CompletionStage<WriteOutcome> remove(DocumentId id, Version version) {
      calls.add("remove");
      return store.remove(id, version);
    }

    @Override
    public CompletionStage<Optional<Versioned<Document>>> find(DocumentId id) {
      calls.add("find");
      return store.find(id);
    }

    @Override
    public CompletionStage<Map<DocumentId, Versioned<Document>>> find(Collection<DocumentId> ids) {
      calls.add("find");
      var found = store.find(ids);
      afterFind.run();
      return found;
    }

    @Override
    public List<Versioned<Document>> purgeDue(Instant at, int limit) {
      return store.purgeDue(at, limit);
    }
  }
}
