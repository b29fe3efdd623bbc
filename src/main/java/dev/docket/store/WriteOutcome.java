package dev.docket.store;

import java.util.function.Function;

/** How a write ended. Being late is an outcome here and no exception: it is part of normal work. */
public sealed interface WriteOutcome {

  /** It is in the translog. */
  record Stored(Version version) implements WriteOutcome {}

  /**
   * Nothing was written: for a creation, the id is taken; for a replacement or a removal, somebody
   * else wrote in between, or removed the record.
   */
  record Stale() implements WriteOutcome {}

  /** The store will never take this record, as it is malformed for it; nothing was written. */
  record Unfit(String why) implements WriteOutcome {}

  /**
   * Not known: the store could not be reached, or was too busy, or the answer got lost. It may or
   * may not have been written.
   */
  record Unknown(String why) implements WriteOutcome {}

  /** One function for each outcome: Java 17 cannot switch on types. */
  default <R> R match(
      Function<Version, R> stored,
      Function<Stale, R> stale,
      Function<String, R> unfit,
      Function<String, R> unknown) {
    if (this instanceof Stored s) {
      return stored.apply(s.version());
    }
    if (this instanceof Unfit u) {
      return unfit.apply(u.why());
    }
    if (this instanceof Unknown u) {
      return unknown.apply(u.why());
    }
    return stale.apply((Stale) this);
  }
}
