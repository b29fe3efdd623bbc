package dev.docket.elastic.client;

/**
 * The Elasticsearch alias through which records of a kind are read and written. It points to
 * exactly one index: with two indices, one id could exist twice, and a sequence number of one index
 * would match in the other.
 */
public record Alias(String value) {

  /** The index that is created for the alias; a later mapping is created as {@code -v2}. */
  public String firstIndex() {
    return value + "-v1";
  }

  @Override
  public String toString() {
    return value;
  }
}
