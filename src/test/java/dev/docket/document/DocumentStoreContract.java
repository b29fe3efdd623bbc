package dev.docket.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.docket.auth.Owner;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The contract of {@link DocumentStore}. The store may contain records of other tests. */
public interface DocumentStoreContract {

  DocumentStore store();

  /** Makes written records visible to searches. */
  void refresh();

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private Version create(Document document) {
    WriteOutcome outcome = join(store().create(document));
    assertThat(outcome).isInstanceOf(WriteOutcome.Stored.class);
    return ((WriteOutcome.Stored) outcome).version();
  }

  @Test
  default void findsCreatedDocumentUnchanged() {
    Document document = DocumentSamples.document();
    Version version = create(document);
    assertThat(join(store().find(document.id()))).contains(new Versioned<>(document, version));
  }

  @Test
  default void readsChangedDocumentWithoutItsMetadata() {
    Document document =
        DocumentSamples.document(
            "t" + UUID.randomUUID(), TargetType.TEXT, "c", Map.of("title", "The harbour"));
    Version version = create(document);
    NewDocument content =
        new NewDocument(
            new Target(document.target().id(), "file:///b", TargetType.TEXT, Map.of("a", 1)),
            document.creator(),
            Map.of("title", "The old harbour"));
    Document changed = document.changed(content, document.updatedAt());
    join(store().replace(changed, version));

    assertThat(join(store().find(document.id())).orElseThrow().value()).isEqualTo(changed);
    Document read = join(store().findWithoutMetadata(document.id())).orElseThrow();
    assertThat(read.target()).isEqualTo(changed.target());
    assertThat(read.version()).isEqualTo(2);
    assertThat(join(store().findWithoutMetadata(new DocumentId("none")))).isEmpty();
  }

  @Test
  default void storesMetadataUnchanged() {
    Map<String, Object> unusual =
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
        DocumentSamples.document(
            "unusual", TargetType.TEXT, "archive" + unusual.hashCode(), unusual);
    Document created =
        new Document(
            DocumentSamples.document().id(),
            document.target(),
            document.creator(),
            unusual,
            document.createdAt(),
            document.updatedAt(),
            Document.FIRST_VERSION,
            null,
            null,
            0,
            null,
            false,
            true,
            new Owner("ann", "film"),
            "token");
    create(created);
    Document found = join(store().find(created.id())).orElseThrow().value();
    assertThat(found.metadata()).hasSameSizeAs(unusual).hasToString(created.metadata().toString());
    assertThat(found.idShared()).isTrue();
  }

  @Test
  default void creationWithTakenIdConflicts() {
    Document document = DocumentSamples.document();
    Version version = create(document);
    assertThat(join(store().create(document.asDeleted(Instant.EPOCH))))
        .isEqualTo(new WriteOutcome.Conflict());
    assertThat(join(store().find(document.id()))).contains(new Versioned<>(document, version));
  }

  @Test
  default void replacesOnlyExpectedVersion() {
    Document document = DocumentSamples.document();
    Document tombstone = document.asDeleted(DocumentSamples.CREATED.plusSeconds(1));
    Version first = create(document);
    WriteOutcome replaced = join(store().replace(tombstone, first));
    assertThat(replaced).isInstanceOf(WriteOutcome.Stored.class);
    assertThat(join(store().replace(document, first))).isEqualTo(new WriteOutcome.Conflict());
    assertThat(join(store().find(document.id())))
        .contains(new Versioned<>(tombstone, ((WriteOutcome.Stored) replaced).version()));
  }

  @Test
  default void removesOnlyExpectedVersion() {
    Document document = DocumentSamples.document();
    Version first = create(document);
    Version second =
        ((WriteOutcome.Stored) join(store().replace(document.asDeleted(Instant.EPOCH), first)))
            .version();
    assertThat(join(store().remove(document.id(), first))).isEqualTo(new WriteOutcome.Conflict());
    assertThat(join(store().remove(document.id(), second))).isInstanceOf(WriteOutcome.Stored.class);
    assertThat(join(store().find(document.id()))).isEmpty();
    assertThat(join(store().remove(document.id(), second))).isEqualTo(new WriteOutcome.Conflict());
    create(document);
  }

  @Test
  default void findsManyDocuments() {
    List<Document> stored =
        IntStream.range(0, 30).mapToObj(i -> DocumentSamples.document()).toList();
    stored.forEach(this::create);
    Set<DocumentId> ids = stored.stream().map(Document::id).collect(Collectors.toSet());
    ids.add(DocumentSamples.document().id());
    Map<DocumentId, Versioned<Document>> found = join(store().find(ids));
    assertThat(found.values().stream().map(Versioned::value))
        .containsExactlyInAnyOrderElementsOf(stored);
    found.forEach((id, document) -> assertThat(document.value().id()).isEqualTo(id));
  }

  @Test
  default void rejectsMoreThanThousandIds() {
    List<DocumentId> ids =
        IntStream.rangeClosed(0, 1_000).mapToObj(i -> new DocumentId("id-" + i)).toList();
    assertThatIllegalArgumentException().isThrownBy(() -> store().find(ids));
  }

  @Test
  default void purgeDueReturnsEarliestFirst() {
    // Other tests leave documents that are due; the documents of this test are due earlier.
    Instant longAgo = Instant.parse("1990-01-01T00:00:00Z");
    Document second = DocumentSamples.purgeDue(DocumentSamples.document(), longAgo.plusMillis(1));
    Document first = DocumentSamples.purgeDue(DocumentSamples.document(), longAgo);
    Document later = DocumentSamples.purgeDue(DocumentSamples.document(), longAgo.plusMillis(2));
    List.of(second, first, later, DocumentSamples.document()).forEach(this::create);
    refresh();
    assertThat(store().purgeDue(longAgo.plusMillis(1), 10))
        .extracting(Versioned::value)
        .containsExactly(first, second);
    assertThat(store().purgeDue(longAgo.plusMillis(1), 1))
        .extracting(Versioned::value)
        .containsExactly(first);
    Versioned<Document> found = store().purgeDue(longAgo, 1).get(0);
    assertThat(join(store().replace(DocumentSamples.purgeDue(first, null), found.version())))
        .isInstanceOf(WriteOutcome.Stored.class);
  }
}
