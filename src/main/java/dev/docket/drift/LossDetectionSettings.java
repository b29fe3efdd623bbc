package dev.docket.drift;

import java.time.Duration;

/**
 * When a message counts as lost.
 *
 * @param minMessageAge minimum age of a confirmed message to be expected in a queue: queue
 *     statistics lag, and the servers' clocks differ
 * @param requiredComparisons number of consecutive comparisons that must agree
 * @param minInterval minimum time between two comparisons that count, so that they do not use the
 *     same statistics
 * @param maxReplyWait how long every census may find replies in the response queue before tasks
 *     dispatched earlier than that are compared anyway
 */
public record LossDetectionSettings(
    Duration minMessageAge, int requiredComparisons, Duration minInterval, Duration maxReplyWait) {

  /** Maximum difference between times in records that different servers wrote. */
  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(10);

  /** Returns the settings for a broker that updates its statistics at this interval. */
  public static LossDetectionSettings of(Duration statisticsInterval) {
    return new LossDetectionSettings(
        statisticsInterval.plus(CLOCK_TOLERANCE), 3, statisticsInterval, Duration.ofMinutes(5));
  }
}
