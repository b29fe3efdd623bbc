package dev.docket.drift;

import java.time.Duration;

/**
 * How sure one must be that a message is lost.
 *
 * @param slack how long ago a message must have been confirmed to count: the broker's figures are
 *     old, and clocks of servers differ
 * @param looks how many looks must agree
 * @param gap the least time between two looks that count, so that they do not see one and the same
 *     figures
 * @param answers how long answers may be waiting at every look before it is compared nevertheless
 */
public record LossDetectionSettings(Duration slack, int looks, Duration gap, Duration answers) {

  /** Times in records are this exact, whichever server wrote them. */
  private static final Duration CLOCKS = Duration.ofSeconds(10);

  /** Where the broker renews its figures so often. */
  public static LossDetectionSettings of(Duration interval) {
    return new LossDetectionSettings(interval.plus(CLOCKS), 3, interval, Duration.ofMinutes(5));
  }
}
