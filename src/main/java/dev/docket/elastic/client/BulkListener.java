package dev.docket.elastic.client;

/**
 * Receives each bulk request after it has ended. Implementations must not block and must be
 * thread-safe.
 */
public interface BulkListener {

  /** A listener that does nothing. */
  BulkListener NONE = (items, bytes, nanos, outcome) -> {};

  /** The outcome of a bulk request. */
  enum Outcome {
    /** Every item has a definite outcome, which may be a version conflict. */
    ANSWERED,
    /** Some items were not written, because Elasticsearch was busy or for unknown reasons. */
    PARTLY,
    /** Elasticsearch was too busy; nothing was written. */
    BUSY,
    /** Elasticsearch rejected the request as a whole; it is sent again in parts. */
    REFUSED,
    /** There was no response, or one that does not say what was written. */
    FAILED
  }

  /**
   * Called when a request has ended. A retry is another request.
   *
   * @param nanos the time between sending the request and processing its response
   */
  void ended(int items, long bytes, long nanos, Outcome outcome);
}
