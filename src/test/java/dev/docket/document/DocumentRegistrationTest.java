package dev.docket.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

/** Pairs of target and creator, of which {@code ab} and {@code c} want the id of others. */
final class DocumentRegistrationTest {

  private static final NewDocument HOLDER = pair("a", "bc");
  private static final NewDocument OTHER = pair("ab", "c");
  private static final DocumentId ID = DocumentId.of(OTHER.target(), OTHER.creator());
  private static final DocumentId SECOND = DocumentId.second(OTHER.target(), OTHER.creator());

  private final MemoryDocumentStore store = new MemoryDocumentStore();
  private final List<String> calls = new ArrayList<>();
  private Runnable afterLook = () -> {};
  private Runnable afterMark = () -> {};
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final DocumentService documents =
      new DocumentService(
          new Watched(),
          ((InstantSource) () -> now).withZone(ZoneOffset.UTC),
          () -> UUID.randomUUID().toString());

  private static NewDocument pair(String target, String creator) {
    return new NewDocument(
        new Target(target, "u", TargetType.TEXT, Map.of()),
        new Creator(creator, CreatorType.ORGANIZATION, null, Map.of()),
        Map.of());
  }

  private Document register(NewDocument pair) {
    return documents.register(pair).toCompletableFuture().join();
  }

  /** Deleted, and looked after until nothing more is to be done. */
  private void bury(DocumentId id) {
    documents.delete(id).toCompletableFuture().join();
    for (int i = 0; i < 5; i++) {
      documents.purgeDue(10).forEach(due -> documents.markPurged(due).toCompletableFuture().join());
      now = now.plus(Duration.ofHours(2));
    }
  }

  @Test
  void whatIsNewTakesOneWriteAndNoRead() {
    register(HOLDER);
    assertThat(calls).containsExactly("create");
  }

  @Test
  void whatIsThereIsSaidWithItsId() {
    Document there = register(HOLDER);
    assertThatThrownBy(() -> register(HOLDER))
        .hasCauseInstanceOf(DocumentExists.class)
        .hasMessageContaining(there.id().value());
  }

  @Test
  void aPairWhoseIdIsTakenIsRegisteredOnceToo() {
    assertThat(register(HOLDER).id()).isEqualTo(ID);
    assertThat(register(OTHER).id()).isEqualTo(SECOND);
    assertThatThrownBy(() -> register(OTHER))
        .hasCauseInstanceOf(DocumentExists.class)
        .hasMessageContaining(SECOND.value());
  }

  @Test
  void itIsFoundEvenWhenTheHolderOfItsIdIsLongGone() {
    register(HOLDER);
    register(OTHER);
    bury(ID);

    assertThatThrownBy(() -> register(OTHER))
        .hasCauseInstanceOf(DocumentExists.class)
        .hasMessageContaining(SECOND.value());
    assertThatThrownBy(() -> documents.get(ID).toCompletableFuture().join())
        .hasCauseInstanceOf(DocumentNotFound.class);
  }

  @Test
  void theHolderComesBackAndStillStandsForBoth() {
    register(HOLDER);
    register(OTHER);
    bury(ID);
    assertThat(register(HOLDER).id()).isEqualTo(ID);
    bury(ID);

    assertThatThrownBy(() -> register(OTHER)).hasCauseInstanceOf(DocumentExists.class);
  }

  @Test
  void anExpiredHolderComesBackAndStillStandsForBoth() {
    register(HOLDER);
    register(OTHER);
    Versioned<Document> holder = store.find(ID).toCompletableFuture().join().orElseThrow();
    assertThat(documents.expire(holder).toCompletableFuture().join()).isTrue();
    assertThat(register(HOLDER).predecessor()).isNull();
    bury(ID);

    assertThatThrownBy(() -> register(OTHER)).hasCauseInstanceOf(DocumentExists.class);
  }

  @Test
  void aTombstoneThatStandsForNobodyElseGoes() {
    register(HOLDER);
    bury(ID);
    assertThat(store.all()).isEmpty();
    assertThat(register(OTHER).id()).isEqualTo(ID);
  }

  @Test
  void anIdThatIsFreedInTheSameMomentIsTaken() {
    register(HOLDER);
    afterLook =
        () -> {
          afterLook = () -> {};
          bury(ID);
        };
    assertThat(register(OTHER).id()).isEqualTo(ID);
    assertThat(store.all()).hasSize(1);
  }

  @Test
  void whoDiesBetweenTheTwoWritesHasRegisteredNothingAndMayAskAgain() {
    register(HOLDER);
    afterMark =
        () -> {
          afterMark = () -> {};
          throw new IllegalStateException("killed");
        };
    assertThatThrownBy(() -> register(OTHER)).hasRootCauseMessage("killed");
    assertThatThrownBy(() -> documents.get(SECOND).toCompletableFuture().join())
        .hasCauseInstanceOf(DocumentNotFound.class);
    assertThat(
            documents
                .get(ID)
                .toCompletableFuture()
                .join()
                .samePair(HOLDER.target(), HOLDER.creator()))
        .isTrue();

    assertThat(register(OTHER).id()).isEqualTo(SECOND);
  }

  @Test
  void nobodyIsRegisteredOverAnother() {
    register(HOLDER);
    Document nul = register(pair("ab\0", "c"));
    assertThat(nul.id()).isEqualTo(SECOND);
    assertThatThrownBy(() -> register(OTHER)).hasCauseInstanceOf(UnstorableDocument.class);
    assertThat(register(pair("ab", "\0c")).id()).isNotIn(ID, SECOND);
  }

  /** Notes what it is asked, and may be interrupted after a look. */
  private final class Watched implements DocumentStore {

    @Override
    public CompletionStage<WriteOutcome> create(Document document) {
      calls.add("create");
      return store.create(document);
    }

    @Override
    public CompletionStage<WriteOutcome> replace(Document document, Version seen) {
      calls.add("replace");
      var replaced = store.replace(document, seen);
      afterMark.run();
      return replaced;
    }

    @Override
    public CompletionStage<WriteOutcome> remove(DocumentId id, Version seen) {
      calls.add("remove");
      return store.remove(id, seen);
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
      afterLook.run();
      return found;
    }

    @Override
    public List<Versioned<Document>> purgeDue(Instant at, int limit) {
      return store.purgeDue(at, limit);
    }
  }
}
