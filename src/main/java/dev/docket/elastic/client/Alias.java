package dev.docket.elastic.client;

/**
 * The name under which records of a kind are read and written: an alias on exactly one index. Over
 * two indices one id could exist twice, and a sequence number of one would match in the other.
 */
public record Alias(String value) {

  /** The index that is created behind it; a later mapping lives in {@code -v2}. */
  public String firstIndex() {
    return value + "-v1";
  }

  @Override
  public String toString() {
    return value;
  }
}
