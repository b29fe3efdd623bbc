package dev.docket.task;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings for the tasks of one key, from the configuration. A task can override some of them.
 *
 * @param protocol the name of the worker protocol
 * @param ackMode when the workers of this protocol acknowledge messages
 * @param maxAttempts the number of failed runs after which the task fails
 * @param backoff the delay after the first failure; it doubles with each failure, up to {@code
 *     backoffMax}
 * @param leaseSeconds how long a worker may send no heartbeat
 * @param timeout the time limit of a run; null for no limit
 * @param unansweredAfter how long after its message was first published the server gives a run up
 *     if no worker claimed it or replied
 * @param keptRuns the number of successful runs whose results a task keeps, at least 1
 */
public record Policy(
    String protocol,
    AckMode ackMode,
    int maxAttempts,
    Duration backoff,
    Duration backoffMax,
    int leaseSeconds,
    @Nullable Duration timeout,
    Duration unansweredAfter,
    int keptRuns) {

  /** How workers claim tasks and acknowledge messages. */
  public enum AckMode {
    /** Workers claim a lease, then acknowledge the message. */
    CLAIMS,
    /** Workers acknowledge the message when the work is done, and never claim. */
    ACKNOWLEDGES_LATE,
    /** Workers acknowledge the message before they start, and never claim. */
    ACKNOWLEDGES_EARLY
  }

  /** The number of failed runs after which this task fails. */
  public int maxAttempts(Task task) {
    Retry retry = task.spec().retry();
    return retry != null && retry.maxAttempts() != null ? retry.maxAttempts() : maxAttempts;
  }

  /** How long a worker of this task may send no heartbeat. */
  public int leaseSeconds(Task task) {
    Integer override = task.spec().leaseSeconds();
    return override != null ? override : leaseSeconds;
  }

  /** The time limit of the current run of this task; null for no limit. */
  public @Nullable Duration timeout(Task task) {
    if (task.run().isManual()) {
      return null;
    }
    Duration override = task.spec().timeout();
    return override != null ? override : timeout;
  }

  /**
   * The delay before the next run: exponential backoff with jitter.
   *
   * @param failures the number of failed runs, at least 1
   * @param jitter 0 to 1; scales the delay by a factor of 0.75 to 1.25
   */
  public Duration retryDelay(Task task, int failures, double jitter) {
    Retry retry = task.spec().retry();
    Duration initial = retry != null && retry.backoff() != null ? retry.backoff() : backoff;
    double doubled = initial.toMillis() * Math.pow(2, Math.min(failures - 1, 40));
    double limit = Math.max(backoffMax.toMillis(), initial.toMillis());
    return Duration.ofMillis((long) (Math.min(doubled, limit) * (0.75 + jitter / 2)));
  }
}
