package dev.docket.worker;

import dev.docket.wire.RunId;
import java.time.Duration;

/**
 * The lease of a run.
 *
 * @param claimId the id of the claim that the server granted
 * @param duration how long the lease lasts without a heartbeat
 * @param provisional whether a poll granted it, so that the server waits for the first report
 */
record Lease(RunId run, String claimId, Duration duration, boolean provisional) {

  private static final int MAX_HEARTBEAT_SECONDS = 60;
  private static final Duration DEFAULT_DURATION = Duration.ofSeconds(60);

  static Lease of(RunId run, String claimId, int seconds) {
    return of(run, claimId, seconds, false);
  }

  /** The lease of a run that a poll granted. */
  static Lease ofPoll(RunId run, String claimId, int seconds) {
    return of(run, claimId, seconds, true);
  }

  private static Lease of(RunId run, String claimId, int seconds, boolean provisional) {
    Duration duration = seconds > 0 ? Duration.ofSeconds(seconds) : DEFAULT_DURATION;
    return new Lease(run, claimId, duration, provisional);
  }

  /**
   * The interval between two heartbeats: a third of the lease, and at most {@value
   * #MAX_HEARTBEAT_SECONDS} s, because the server takes a worker for lost that is silent for five
   * minutes, even if its lease is longer.
   */
  Duration heartbeatInterval() {
    Duration third = duration.dividedBy(3);
    Duration max = Duration.ofSeconds(MAX_HEARTBEAT_SECONDS);
    return third.compareTo(max) > 0 ? max : third;
  }
}
