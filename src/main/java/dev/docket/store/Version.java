package dev.docket.store;

/**
 * The version of a record, as a condition of a later compare-and-set: Elasticsearch's sequence
 * number and primary term.
 */
public record Version(long sequence, long term) {

  /** Whether this is the version after a later write of the same record. */
  public boolean isAfter(Version other) {
    return term > other.term || (term == other.term && sequence > other.sequence);
  }
}
