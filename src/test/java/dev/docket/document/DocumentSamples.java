package dev.docket.document;

import dev.docket.auth.Owner;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** Sample documents for tests. */
public final class DocumentSamples {

  /** The creation time of all samples. */
  public static final Instant CREATED = Instant.parse("2026-03-01T12:00:00.123Z");

  private DocumentSamples() {}

  /** A document with a unique target. */
  public static Document document() {
    return document("https://archive.example/" + UUID.randomUUID());
  }

  /** A document with this target id. */
  public static Document document(String targetId) {
    return document(targetId, TargetType.VIDEO, "archive", Map.of());
  }

  public static Document document(
      String targetId, TargetType type, String creatorId, Map<String, Object> metadata) {
    Target target = new Target(targetId, targetId, type, Map.of());
    Creator creator = new Creator(creatorId, CreatorType.ORGANIZATION, null, Map.of());
    return new Document(
        DocumentId.of(target, creator),
        target,
        creator,
        metadata,
        CREATED,
        CREATED,
        Document.FIRST_VERSION,
        null,
        null,
        0,
        null,
        false,
        false,
        Owner.NOBODY,
        UUID.randomUUID().toString());
  }

  /** A copy with another creation time. */
  public static Document createdAt(Document document, Instant time) {
    return new Document(
        document.id(),
        document.target(),
        document.creator(),
        document.metadata(),
        time,
        time,
        Document.FIRST_VERSION,
        document.deletedAt(),
        document.purgeDue(),
        document.purgeLooks(),
        document.predecessor(),
        document.expired(),
        document.idShared(),
        document.owner(),
        document.creationToken());
  }

  /** A copy with another time of the next purge. */
  public static Document purgeDue(Document document, Instant due) {
    return new Document(
        document.id(),
        document.target(),
        document.creator(),
        document.metadata(),
        document.createdAt(),
        document.updatedAt(),
        Document.FIRST_VERSION,
        document.deletedAt(),
        due,
        document.purgeLooks(),
        document.predecessor(),
        document.expired(),
        document.idShared(),
        document.owner(),
        document.creationToken());
  }
}
