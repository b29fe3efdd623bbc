package dev.docket.worker;

import dev.docket.wire.RunId;
import java.io.IOException;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A delivered message whose run the worker may claim. Sorted by priority, then by arrival.
 *
 * @param task null if the worker cannot run the task
 * @param problem why the worker cannot run the task; null if it can
 * @param arrivedAt the time of the delivery, from {@link System#nanoTime()}
 */
record ClaimCandidate(
    BrokerSession.Delivery delivery,
    RunId run,
    @Nullable Task task,
    @Nullable String problem,
    long arrivedAt)
    implements Comparable<ClaimCandidate> {

  private static final Comparator<ClaimCandidate> ORDER =
      Comparator.comparingInt((ClaimCandidate candidate) -> -candidate.delivery.priority())
          .thenComparingLong(ClaimCandidate::arrivedAt)
          .thenComparingLong(candidate -> candidate.delivery.tag());

  static ClaimCandidate of(BrokerSession.Delivery delivery, RunId run, Runs runs) {
    Task task = null;
    String problem = null;
    try {
      Task read = Task.from(delivery.message(), run.attempt());
      if (!read.id().equals(run.task())) {
        problem = "the message belongs to task " + read.id();
      } else if (!runs.hasHandler(read.key())) {
        problem = "no handler for key " + read.key();
      } else {
        task = read;
      }
    } catch (IOException | RuntimeException e) {
      problem = String.valueOf(e.getMessage());
    }
    return new ClaimCandidate(delivery, run, task, problem, System.nanoTime());
  }

  @Override
  public int compareTo(ClaimCandidate other) {
    return ORDER.compare(this, other);
  }
}
