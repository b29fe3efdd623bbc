package dev.docket.joblog;

/**
 * The end of a log: all that the next append must know.
 *
 * @param chunks the number of chunks
 * @param lines the number of lines
 * @param bytes the size of all lines
 * @param received the numbered entries of its worker that were received
 * @param truncated whether the log is full, so that further lines are dropped
 */
public record LogEnd(int chunks, long lines, long bytes, Received received, boolean truncated) {

  /** The end of a log without chunks. */
  public static final LogEnd NONE = new LogEnd(0, 0, 0, Received.NONE, false);
}
