package dev.docket.task;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The rules for the tasks of one key, from the configuration. A task may say otherwise for itself.
 *
 * @param protocol the name of the courier that takes tasks of this key to their workers
 * @param ackMode how the workers of that courier work
 * @param maxAttempts the failed run that is the last
 * @param backoff the pause after the first failure; it doubles with each, up to {@code backoffMax}
 * @param leaseSeconds how long a worker may be silent
 * @param timeout how long a run may take; null: as long as it likes
 * @param unansweredAfter how long after a message was handed over it is given up, if nobody has
 *     claimed the run or answered
 */
public record Policy(
    String protocol,
    AckMode ackMode,
    int maxAttempts,
    Duration backoff,
    Duration backoffMax,
    int leaseSeconds,
    @Nullable Duration timeout,
    Duration unansweredAfter) {

  /** How workers take tasks from the broker. */
  public enum AckMode {
    /** They claim a lease, then acknowledge the message. */
    CLAIMS,
    /** They acknowledge the message when the work is done, and never claim. */
    ACKNOWLEDGES_LATE,
    /** They acknowledge the message before they begin, and never claim. */
    ACKNOWLEDGES_EARLY
  }

  /** The failed run of this task that is the last. */
  public int maxAttempts(Task task) {
    Retry retry = task.spec().retry();
    return retry != null && retry.maxAttempts() != null ? retry.maxAttempts() : maxAttempts;
  }

  /** How long a worker of this task may be silent. */
  public int leaseSeconds(Task task) {
    Integer own = task.spec().leaseSeconds();
    return own != null ? own : leaseSeconds;
  }

  /** How long a run of this task may take; null for no limit. */
  public @Nullable Duration timeout(Task task) {
    Duration own = task.spec().timeout();
    return own != null ? own : timeout;
  }

  /**
   * The pause before the next run.
   *
   * @param failures how many runs have failed, at least 1
   * @param jitter 0 to 1; spreads the pause over three to five quarters of itself
   */
  public Duration pause(Task task, int failures, double jitter) {
    Retry retry = task.spec().retry();
    Duration first = retry != null && retry.backoff() != null ? retry.backoff() : backoff;
    double doubled = first.toMillis() * Math.pow(2, Math.min(failures - 1, 40));
    double limit = Math.max(backoffMax.toMillis(), first.toMillis());
    return Duration.ofMillis((long) (Math.min(doubled, limit) * (0.75 + jitter / 2)));
  }
}
