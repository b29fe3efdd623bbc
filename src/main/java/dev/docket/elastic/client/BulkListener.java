package dev.docket.elastic.client;

/** Hears of each request of the group commit. Must not block; may be called by several threads. */
public interface BulkListener {

  /** Nobody listens. */
  BulkListener NONE = (items, bytes, nanos, outcome) -> {};

  /** How a request ended, for those who wait for it. */
  enum Outcome {
    /** Each item has its outcome, if only that others came first. */
    ANSWERED,
    /** Some items were not written, as there was too much to do or for reasons unknown. */
    PARTLY,
    /** Too much to do: nothing was written. */
    BUSY,
    /** Refused whole; it is sent again in parts. */
    REFUSED,
    /** No answer, or one that says nothing of what was written. */
    FAILED
  }

  /**
   * A request has ended. One that is sent again is another one.
   *
   * @param nanos from sending it until its answer was taken up
   */
  void ended(int items, long bytes, long nanos, Outcome outcome);
}
