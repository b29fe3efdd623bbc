package dev.docket.task;

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

  Lease extended(Instant now) {
    return new Lease(worker, claimId, seconds, now.plusSeconds(seconds), false);
  }
}
