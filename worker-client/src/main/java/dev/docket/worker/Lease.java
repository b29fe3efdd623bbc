package dev.docket.worker;

import dev.docket.wire.RunId;
import java.time.Duration;

/**
 * The right to work on a run.
 *
 * @param claimId what it was claimed with
 * @param length how long it lasts without a sign of life
 */
record Lease(RunId run, String claimId, Duration length) {

  private static final Duration DEFAULT_LENGTH = Duration.ofSeconds(60);

  static Lease of(RunId run, String claimId, int seconds) {
    return new Lease(run, claimId, seconds > 0 ? Duration.ofSeconds(seconds) : DEFAULT_LENGTH);
  }

  /** How often to give a sign of life. */
  Duration beat() {
    return length.dividedBy(3);
  }
}
