package dev.docket.document;

import dev.docket.store.ImmutableJson;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A document of the archive. Only its deletion changes it.
 *
 * @param metadata free-form, kept whole; a cut copy of it is searchable
 * @param deletedAt when it was deleted; readers no longer see it, its tasks are being removed
 * @param purgeDue when the tasks of the deleted document (this one, or else its predecessor) are to
 *     be looked for next; null when there is nothing to look for
 * @param purgeLooks how often they have been looked for
 * @param predecessor the deleted document of the same pair that this one replaced
 * @param expired whether it was deleted because it is old and had no tasks: then it comes back if
 *     it turns out to have one, and nothing of it is purged
 * @param idShared whether another pair with the same {@linkplain DocumentId#of first id} has its
 *     second one for that reason, or is about to get it: then this record stays for good, if only
 *     as a tombstone
 * @param creationToken made by whoever created it, so that he knows his own record again after an
 *     answer got lost
 */
public record Document(
    DocumentId id,
    Target target,
    Creator creator,
    Map<String, @Nullable Object> metadata,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant deletedAt,
    @Nullable Instant purgeDue,
    int purgeLooks,
    @Nullable Predecessor predecessor,
    boolean expired,
    boolean idShared,
    String creationToken) {

  public Document {
    metadata = ImmutableJson.map(metadata);
  }

  /**
   * A deleted document of the same target and creator, whose tasks may still be on their way out.
   */
  public record Predecessor(Instant createdAt, Instant deletedAt) {}

  public boolean deleted() {
    return deletedAt != null;
  }

  /** Whether it is about the same target of the same creator: what may be registered only once. */
  public boolean samePair(Target otherTarget, Creator otherCreator) {
    return target.id().equals(otherTarget.id()) && creator.id().equals(otherCreator.id());
  }

  /** As a tombstone: gone for readers, kept until its tasks are gone too. */
  public Document deletedAt(Instant now) {
    return standing(now, now, now, 0, predecessor, false, idShared);
  }

  /** As a tombstone too, but one that goes only if no task is found. */
  Document expiredAt(Instant now) {
    return standing(updatedAt, now, now, 0, predecessor, true, idShared);
  }

  /** As it was before it expired. */
  Document kept() {
    return standing(updatedAt, null, null, 0, predecessor, false, idShared);
  }

  /**
   * This one in the place of a deleted document of the same pair, whose tasks are still looked for.
   * An expired one had none; whoever was just submitting one keeps it.
   */
  Document inPlaceOf(Document tombstone) {
    Instant deleted = tombstone.deletedAt();
    if (deleted == null) {
      throw new IllegalArgumentException("document " + id + " has not been deleted");
    }
    if (tombstone.expired()) {
      return tombstone.idShared() ? sharingItsId() : this;
    }
    return standing(
        updatedAt,
        null,
        tombstone.purgeDue(),
        tombstone.purgeLooks(),
        new Predecessor(tombstone.createdAt(), deleted),
        false,
        tombstone.idShared());
  }

  /** The same, which is never removed. */
  Document sharingItsId() {
    return standing(updatedAt, deletedAt, purgeDue, purgeLooks, predecessor, expired, true);
  }

  /** The creation time of the deleted document whose tasks have to go; null where there is none. */
  public @Nullable Instant purged() {
    if (deletedAt != null) {
      return expired ? null : createdAt;
    }
    return predecessor == null ? null : predecessor.createdAt();
  }

  /**
   * With its tasks looked for once more: again a minute after the deletion and at the end of an
   * hour, to find those that were just being submitted.
   */
  Document markPurged() {
    Instant since =
        deletedAt != null ? deletedAt : predecessor == null ? null : predecessor.deletedAt();
    Instant next =
        since == null || purgeLooks >= 2
            ? null
            : since.plus(purgeLooks == 0 ? Duration.ofMinutes(1) : Duration.ofHours(1));
    return standing(updatedAt, deletedAt, next, purgeLooks + 1, predecessor, expired, idShared);
  }

  /** The same thing, standing otherwise. */
  private Document standing(
      Instant updated,
      @Nullable Instant deleted,
      @Nullable Instant nextLook,
      int looks,
      @Nullable Predecessor before,
      boolean old,
      boolean shared) {
    return new Document(
        id,
        target,
        creator,
        metadata,
        createdAt,
        updated,
        deleted,
        nextLook,
        looks,
        before,
        old,
        shared,
        creationToken);
  }
}
