package dev.docket.task.machine;

import org.jspecify.annotations.Nullable;

/**
 * The content of a report that ends a run.
 *
 * @param message for people; null if there is no message
 * @param answeredState the number in its reply, if its protocol has state numbers of its own
 * @param timing what it measured
 */
public record RunEnd(@Nullable String message, @Nullable Integer answeredState, RunTiming timing) {

  /** The content from a worker that uses Docket's states and measures nothing. */
  public static RunEnd of(@Nullable String message) {
    return new RunEnd(message, null, RunTiming.UNKNOWN);
  }
}
