package dev.docket.task.machine;

import org.jspecify.annotations.Nullable;

/**
 * What a worker measured of a run, in milliseconds by its own monotonic clock. Both values are
 * durations, so that no two clocks are compared.
 *
 * @param waitedMs from the claim until the start of the handler; null if not measured
 * @param runMs from the start of the handler until its end; null if not measured
 */
public record RunTiming(@Nullable Long waitedMs, @Nullable Long runMs) {

  /** The worker measured nothing. */
  public static final RunTiming UNKNOWN = new RunTiming(null, null);
}
