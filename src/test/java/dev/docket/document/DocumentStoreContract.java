package dev.docket.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link DocumentStore} does. The store may hold what other tests left in it. */
public interface DocumentStoreContract {

  DocumentStore store();

  /** Lets searches see what was written. */
  void refresh();

  private static <T> T now(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private Version created(Document document) {
    WriteOutcome saved = now(store().create(document));
    assertThat(saved).isInstanceOf(WriteOutcome.Stored.class);
    return ((WriteOutcome.Stored) saved).version();
  }

  @Test
  default void whatIsCreatedIsFoundAtOnceAsItWas() {
    Document document = DocumentSamples.document();
    Version version = created(document);
    assertThat(now(store().find(document.id()))).contains(new Versioned<>(document, version));
  }

  @Test
  default void metadataSurvivesAsItIs() {
    Map<String, Object> odd =
        Map.of(
            "",
            List.of(1, 2.5d, true, Map.of("a.b", Arrays.asList(null, null))),
            "\0",
            "nul \0 and \uD83D\uDCFC and \uD800",
            "long",
            "x".repeat(100_000),
            "k".repeat(3_000),
            "long key");
    Document document =
        DocumentSamples.document("odd", TargetType.TEXT, "archive" + odd.hashCode(), odd);
    Document mine =
        new Document(
            DocumentSamples.document().id(),
            document.target(),
            document.creator(),
            odd,
            document.createdAt(),
            document.updatedAt(),
            null,
            null,
            0,
            null,
            false,
            true,
            "token");
    created(mine);
    Document found = now(store().find(mine.id())).orElseThrow().value();
    assertThat(found.metadata()).hasSameSizeAs(odd).hasToString(mine.metadata().toString());
    assertThat(found.idShared()).isTrue();
  }

  @Test
  default void aTakenIdIsStale() {
    Document document = DocumentSamples.document();
    Version version = created(document);
    assertThat(now(store().create(document.deletedAt(Instant.EPOCH))))
        .isEqualTo(new WriteOutcome.Stale());
    assertThat(now(store().find(document.id()))).contains(new Versioned<>(document, version));
  }

  @Test
  default void aReplacementHoldsOnlyForTheVersionThatWasSeen() {
    Document document = DocumentSamples.document();
    Document tombstone = document.deletedAt(DocumentSamples.CREATED.plusSeconds(1));
    Version first = created(document);
    WriteOutcome replaced = now(store().replace(tombstone, first));
    assertThat(replaced).isInstanceOf(WriteOutcome.Stored.class);
    assertThat(now(store().replace(document, first))).isEqualTo(new WriteOutcome.Stale());
    assertThat(now(store().find(document.id())))
        .contains(new Versioned<>(tombstone, ((WriteOutcome.Stored) replaced).version()));
  }

  @Test
  default void aRemovalHoldsOnlyForTheVersionThatWasSeen() {
    Document document = DocumentSamples.document();
    Version first = created(document);
    Version second =
        ((WriteOutcome.Stored) now(store().replace(document.deletedAt(Instant.EPOCH), first)))
            .version();
    assertThat(now(store().remove(document.id(), first))).isEqualTo(new WriteOutcome.Stale());
    assertThat(now(store().remove(document.id(), second))).isInstanceOf(WriteOutcome.Stored.class);
    assertThat(now(store().find(document.id()))).isEmpty();
    assertThat(now(store().remove(document.id(), second))).isEqualTo(new WriteOutcome.Stale());
    created(document);
  }

  @Test
  default void manyAreFoundAtOnce() {
    List<Document> there =
        IntStream.range(0, 30).mapToObj(i -> DocumentSamples.document()).toList();
    there.forEach(this::created);
    Set<DocumentId> asked = there.stream().map(Document::id).collect(Collectors.toSet());
    asked.add(DocumentSamples.document().id());
    Map<DocumentId, Versioned<Document>> found = now(store().find(asked));
    assertThat(found.values().stream().map(Versioned::value))
        .containsExactlyInAnyOrderElementsOf(there);
    found.forEach((id, document) -> assertThat(document.value().id()).isEqualTo(id));
  }

  @Test
  default void moreThanAThousandIdsAreRefused() {
    List<DocumentId> many =
        IntStream.rangeClosed(0, 1_000).mapToObj(i -> new DocumentId("id-" + i)).toList();
    assertThatIllegalArgumentException().isThrownBy(() -> store().find(many));
  }

  @Test
  default void purgeDueFindsTheLongestDueFirst() {
    // Other tests leave documents that are due; those here are due before all of them.
    Instant long_ago = Instant.parse("1990-01-01T00:00:00Z");
    Document second = DocumentSamples.purgeDue(DocumentSamples.document(), long_ago.plusMillis(1));
    Document first = DocumentSamples.purgeDue(DocumentSamples.document(), long_ago);
    Document later = DocumentSamples.purgeDue(DocumentSamples.document(), long_ago.plusMillis(2));
    List.of(second, first, later, DocumentSamples.document()).forEach(this::created);
    refresh();
    assertThat(store().purgeDue(long_ago.plusMillis(1), 10))
        .extracting(Versioned::value)
        .containsExactly(first, second);
    assertThat(store().purgeDue(long_ago.plusMillis(1), 1))
        .extracting(Versioned::value)
        .containsExactly(first);
    Versioned<Document> found = store().purgeDue(long_ago, 1).get(0);
    assertThat(now(store().replace(DocumentSamples.purgeDue(first, null), found.version())))
        .isInstanceOf(WriteOutcome.Stored.class);
  }
}
