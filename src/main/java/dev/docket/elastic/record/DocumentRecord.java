package dev.docket.elastic.record;

import dev.docket.auth.Owner;
import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of a document.
 *
 * @param metadataSearch the searchable copy of the metadata, for filters by key
 * @param words the texts of the metadata, for full-text search
 * @param version null if the content never changed, as in records of earlier releases
 */
record DocumentRecord(
    DocumentId id,
    TargetRecord target,
    CreatorRecord creator,
    @Nullable Map<String, @Nullable Object> metadata,
    @Nullable Map<String, Object> metadataSearch,
    @Nullable List<String> words,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Integer version,
    @Nullable Instant deletedAt,
    @Nullable Instant purgeDue,
    int purgeLooks,
    Document.@Nullable Predecessor predecessor,
    @Nullable Boolean expired,
    @Nullable Boolean idShared,
    @Nullable Owner owner,
    String creationToken) {

  DocumentRecord {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(creator, "creator");
    Objects.requireNonNull(createdAt, "created_at");
    Objects.requireNonNull(updatedAt, "updated_at");
    Objects.requireNonNull(creationToken, "creation_token");
  }

  static DocumentRecord of(Document document) {
    Map<String, Object> searchable = SearchableCopy.of(document.metadata());
    return new DocumentRecord(
        document.id(),
        TargetRecord.of(document.target()),
        CreatorRecord.of(document.creator()),
        OmitEmpty.asNull(document.metadata()),
        searchable,
        OmitEmpty.asNull(SearchableCopy.texts(searchable)),
        document.createdAt(),
        document.updatedAt(),
        document.version() == Document.FIRST_VERSION ? null : document.version(),
        document.deletedAt(),
        document.purgeDue(),
        document.purgeLooks(),
        document.predecessor(),
        document.expired() ? true : null,
        document.idShared() ? true : null,
        document.owner().orNull(),
        document.creationToken());
  }

  Document document() {
    return new Document(
        id,
        target.target(),
        creator.creator(),
        OmitEmpty.ifNull(metadata),
        createdAt,
        updatedAt,
        version == null ? Document.FIRST_VERSION : version,
        deletedAt,
        purgeDue,
        purgeLooks,
        predecessor,
        Boolean.TRUE.equals(expired),
        Boolean.TRUE.equals(idShared),
        Owner.ofNullable(owner),
        creationToken);
  }
}
