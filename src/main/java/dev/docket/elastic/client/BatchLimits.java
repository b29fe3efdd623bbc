package dev.docket.elastic.client;

/**
 * How much goes together, and how much may wait.
 *
 * @param items the most in one request
 * @param bytes the most bytes in one request; one item that is larger goes alone
 * @param requests how many requests may be under way at once
 * @param waitingItems how much is held, under way or waiting, before more is turned away
 * @param waitingBytes the same in bytes
 */
public record BatchLimits(
    int items, long bytes, int requests, int waitingItems, long waitingBytes) {

  public BatchLimits {
    if (items < 1 || bytes < 1 || requests < 1 || waitingItems < 1 || waitingBytes < 1) {
      throw new IllegalArgumentException("every limit must be at least 1");
    }
  }

  /**
   * For writing. What may wait is twenty full requests by number, and eight by size.
   *
   * @param requests how many requests may be under way at once
   */
  public static BatchLimits forWriting(int requests, int items, long bytes) {
    return new BatchLimits(items, bytes, requests, 20 * items, 8 * bytes);
  }

  /** The usual ones for writing, with so many requests at once. */
  public static BatchLimits forWriting(int requests) {
    return forWriting(requests, 1_000, 8 << 20);
  }

  /** For reading by id. */
  public static BatchLimits forReading() {
    return new BatchLimits(500, 1 << 20, 2, 50_000, 16 << 20);
  }
}
