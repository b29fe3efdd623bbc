package dev.docket.worker;

import dev.docket.wire.RunId;
import java.time.Duration;

/**
 * The lease of a run.
 *
 * @param claimId the id of the claim that the server granted
 * @param duration how long the lease lasts without a heartbeat
 */
record Lease(RunId run, String claimId, Duration duration) {

  private static final Duration DEFAULT_DURATION = Duration.ofSeconds(60);

  static Lease of(RunId run, String claimId, int seconds) {
    return new Lease(run, claimId, seconds > 0 ? Duration.ofSeconds(seconds) : DEFAULT_DURATION);
  }

  /** The interval between two heartbeats: a third of the lease. */
  Duration heartbeatInterval() {
    return duration.dividedBy(3);
  }
}
