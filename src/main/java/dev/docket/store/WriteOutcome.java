package dev.docket.store;

import java.util.function.Function;

/**
 * The outcome of a write. A conflict is an outcome and not an exception, because it is part of
 * normal operation.
 */
public sealed interface WriteOutcome {

  /** The record is in the translog. */
  record Stored(Version version) implements WriteOutcome {}

  /**
   * Nothing was written. On creation the id is taken; on replacement or removal the record has
   * another version, or it no longer exists.
   */
  record Conflict() implements WriteOutcome {}

  /** Nothing was written: the store cannot store this record, and a retry does not help. */
  record Rejected(String reason) implements WriteOutcome {}

  /**
   * The record may or may not have been written: the store was unreachable or too busy, or its
   * response was lost.
   */
  record Unknown(String reason) implements WriteOutcome {}

  /**
   * Applies the function for this outcome. Java 17 cannot switch on types.
   *
   * @throws StoreUnavailable if the outcome is unknown
   */
  default <R> R match(
      Function<Version, R> stored, Function<Conflict, R> conflict, Function<String, R> rejected) {
    requireKnown();
    if (this instanceof Stored s) {
      return stored.apply(s.version());
    }
    return this instanceof Rejected r
        ? rejected.apply(r.reason())
        : conflict.apply((Conflict) this);
  }

  /**
   * Checks that the store has answered.
   *
   * @throws StoreUnavailable if the outcome is unknown
   */
  default void requireKnown() {
    if (this instanceof Unknown unknown) {
      throw new StoreUnavailable(unknown.reason());
    }
  }
}
