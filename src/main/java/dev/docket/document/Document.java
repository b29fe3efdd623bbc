package dev.docket.document;

import dev.docket.auth.Owner;
import dev.docket.store.ImmutableJson;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A document of the archive. A change of its content is a new {@link #version}; its identity and
 * the type of its target never change.
 *
 * @param metadata free-form JSON, stored whole; a truncated copy is searchable
 * @param version 1 for a new document; each change of the content adds 1
 * @param deletedAt time of the deletion; readers no longer see the document, and a sweep removes
 *     its tasks
 * @param purgeDue time of the next search for tasks of the deleted document (this one, or else its
 *     predecessor); null if no search is due
 * @param purgeLooks number of these searches so far
 * @param predecessor the deleted document of the same target and creator that this one replaced
 * @param expired whether the document was deleted because it is old and had no tasks; it is
 *     restored if it turns out to have one, and nothing of it is purged
 * @param idShared whether another pair with the same {@linkplain DocumentId#of first id} has, or is
 *     about to get, its second id for that reason; then this record is never removed and stays at
 *     least as a tombstone
 * @param owner who registered it; {@link Owner#NOBODY} in records of releases without owners
 * @param creationToken token of the registration that created the record, by which a registration
 *     recognizes its own record after a lost response
 */
public record Document(
    DocumentId id,
    Target target,
    Creator creator,
    Map<String, @Nullable Object> metadata,
    Instant createdAt,
    Instant updatedAt,
    int version,
    @Nullable Instant deletedAt,
    @Nullable Instant purgeDue,
    int purgeLooks,
    @Nullable Predecessor predecessor,
    boolean expired,
    boolean idShared,
    Owner owner,
    String creationToken) {

  /** The version of a document whose content never changed. */
  public static final int FIRST_VERSION = 1;

  public Document {
    metadata = ImmutableJson.map(metadata);
  }

  /** A deleted document of the same target and creator, whose tasks may not be removed yet. */
  public record Predecessor(Instant createdAt, Instant deletedAt) {}

  public boolean deleted() {
    return deletedAt != null;
  }

  /** Whether the document has this target and creator; each pair is registered only once. */
  public boolean samePair(Target otherTarget, Creator otherCreator) {
    return target.id().equals(otherTarget.id()) && creator.id().equals(otherCreator.id());
  }

  /** The next version of this document; identity and type are those of this one. */
  Document changed(NewDocument content, Instant now) {
    return new Document(
        id,
        content.target(),
        content.creator(),
        ImmutableJson.map(content.metadata()),
        createdAt,
        now.isBefore(updatedAt) ? updatedAt : now,
        version + 1,
        deletedAt,
        purgeDue,
        purgeLooks,
        predecessor,
        expired,
        idShared,
        owner,
        creationToken);
  }

  /** A tombstone of this document: hidden from readers, and stored until its tasks are removed. */
  public Document asDeleted(Instant now) {
    return withState(now, now, now, 0, predecessor, false, idShared);
  }

  /** An expired tombstone of this document, which is removed only if it has no tasks. */
  Document asExpired(Instant now) {
    return withState(updatedAt, now, now, 0, predecessor, true, idShared);
  }

  /** The document as it was before it expired. */
  Document restored() {
    return withState(updatedAt, null, null, 0, predecessor, false, idShared);
  }

  /**
   * This document as the replacement of a tombstone of the same pair. The sweep still searches for
   * the tasks of the tombstone. An expired one had none; a task that is being submitted for it
   * stays.
   */
  Document replacing(Document tombstone) {
    Instant deletion = tombstone.deletedAt();
    if (deletion == null) {
      throw new IllegalArgumentException("document " + id + " is not deleted");
    }
    if (tombstone.expired()) {
      return tombstone.idShared() ? withSharedId() : this;
    }
    return withState(
        updatedAt,
        null,
        tombstone.purgeDue(),
        tombstone.purgeLooks(),
        new Predecessor(tombstone.createdAt(), deletion),
        false,
        tombstone.idShared());
  }

  /** A copy that is never removed, because another pair uses its second id. */
  Document withSharedId() {
    return withState(updatedAt, deletedAt, purgeDue, purgeLooks, predecessor, expired, true);
  }

  /**
   * The creation time of the deleted document whose tasks must be removed; null if there is none.
   */
  public @Nullable Instant purgedCreatedAt() {
    if (deletedAt != null) {
      return expired ? null : createdAt;
    }
    return predecessor == null ? null : predecessor.createdAt();
  }

  /**
   * A copy after one more search for its tasks. The searches are repeated a minute and an hour
   * after the deletion, to find tasks that were being submitted during the deletion.
   */
  Document markPurged() {
    Instant deletion =
        deletedAt != null ? deletedAt : predecessor == null ? null : predecessor.deletedAt();
    Instant next =
        deletion == null || purgeLooks >= 2
            ? null
            : deletion.plus(purgeLooks == 0 ? Duration.ofMinutes(1) : Duration.ofHours(1));
    return withState(updatedAt, deletedAt, next, purgeLooks + 1, predecessor, expired, idShared);
  }

  /** A copy with another state; identity and content stay. */
  private Document withState(
      Instant updated,
      @Nullable Instant deleted,
      @Nullable Instant nextPurge,
      int purges,
      @Nullable Predecessor replaced,
      boolean isExpired,
      boolean isIdShared) {
    return new Document(
        id,
        target,
        creator,
        metadata,
        createdAt,
        updated,
        version,
        deleted,
        nextPurge,
        purges,
        replaced,
        isExpired,
        isIdShared,
        owner,
        creationToken);
  }
}
