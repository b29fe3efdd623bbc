package dev.docket.elastic.client;

/**
 * The limits of batches and of the queue behind them.
 *
 * @param items the maximum number of items in one request
 * @param bytes the maximum size of one request; a larger item is sent alone
 * @param requests the maximum number of requests in flight
 * @param waitingItems the maximum number of items in flight or waiting; further ones are rejected
 * @param waitingBytes the same limit in bytes
 */
public record BatchLimits(
    int items, long bytes, int requests, int waitingItems, long waitingBytes) {

  public BatchLimits {
    if (items < 1 || bytes < 1 || requests < 1 || waitingItems < 1 || waitingBytes < 1) {
      throw new IllegalArgumentException("every limit must be at least 1");
    }
  }

  /**
   * Limits for writes. Twenty full requests by number of items may wait, and eight by size.
   *
   * @param requests the maximum number of requests in flight
   */
  public static BatchLimits forWriting(int requests, int items, long bytes) {
    return new BatchLimits(items, bytes, requests, 20 * items, 8 * bytes);
  }

  /** The default limits for writes, with this maximum number of requests in flight. */
  public static BatchLimits forWriting(int requests) {
    return forWriting(requests, 1_000, 8 << 20);
  }

  /** Limits for reads by id. */
  public static BatchLimits forReading() {
    return new BatchLimits(500, 1 << 20, 2, 50_000, 16 << 20);
  }
}
