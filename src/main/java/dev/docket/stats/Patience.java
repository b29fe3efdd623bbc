package dev.docket.stats;

import java.time.Duration;

/**
 * How sure one must be that a message is lost.
 *
 * @param slack how long ago a message must have been confirmed to count: the broker's figures are
 *     up to 5 s old, and clocks of servers differ
 * @param looks how many looks must agree
 * @param gap the least time between two looks that count, so that they do not see one and the same
 *     figures: these are renewed each 5 s
 * @param answers how long answers may be waiting at every look before it is compared nevertheless
 */
public record Patience(Duration slack, int looks, Duration gap, Duration answers) {

  /** What is known of RabbitMQ's management figures. */
  public static final Patience DEFAULT =
      new Patience(Duration.ofSeconds(15), 3, Duration.ofSeconds(5), Duration.ofMinutes(5));
}
