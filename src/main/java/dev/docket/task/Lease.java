package dev.docket.task;

import java.time.Duration;
import java.time.Instant;

/**
 * That one worker, and no other, works on a task.
 *
 * @param claimId made by the worker for each delivery; shown to nobody else
 * @param seconds how long it lasts without a sign of life
 * @param until for display only: no decision compares it with a clock
 * @param provisional handed out by a poll, and nothing heard of the worker yet; losing it is no
 *     failure
 */
public record Lease(
    String worker, String claimId, int seconds, Instant until, boolean provisional) {

  /** No silence is borne for longer than this. */
  private static final Duration MAX_LENGTH = Duration.ofMinutes(5);

  /** How long a worker that was handed a task by a poll may take to be heard of. */
  private static final Duration FIRST_REPORT = Duration.ofSeconds(30);

  /** How long its worker may be silent before it counts as lost. */
  public Duration silenceTimeout() {
    Duration timeout = Duration.ofMillis(seconds * 1500L);
    Duration longest = provisional ? FIRST_REPORT : MAX_LENGTH;
    return timeout.compareTo(longest) > 0 ? longest : timeout;
  }

  /** When a sign of life last extended it, by the clock of the server that wrote it. */
  public Instant extendedAt() {
    return until.minusSeconds(seconds);
  }

  public Lease extended(Instant now) {
    return new Lease(worker, claimId, seconds, now.plusSeconds(seconds), false);
  }
}
