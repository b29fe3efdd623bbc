package dev.docket.worker;

import dev.docket.wire.RunId;
import java.io.IOException;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A message in hand: a run that may be claimed. Sorted by priority, then by arrival.
 *
 * @param task null if the message cannot be read
 * @param flaw why not
 * @param arrived by {@link System#nanoTime()}
 */
record ClaimCandidate(
    BrokerSession.Delivery delivery,
    RunId run,
    @Nullable Task task,
    @Nullable String flaw,
    long arrived)
    implements Comparable<ClaimCandidate> {

  private static final Comparator<ClaimCandidate> ORDER =
      Comparator.comparingInt((ClaimCandidate candidate) -> -candidate.delivery.priority())
          .thenComparingLong(ClaimCandidate::arrived)
          .thenComparingLong(candidate -> candidate.delivery.tag());

  static ClaimCandidate of(BrokerSession.Delivery delivery, RunId run, Runs runs) {
    Task task = null;
    String flaw = null;
    try {
      Task read = Task.from(delivery.message(), run.attempt());
      if (!read.id().equals(run.task())) {
        flaw = "it is about task " + read.id();
      } else if (!runs.knows(read.key())) {
        flaw = "its key is " + read.key();
      } else {
        task = read;
      }
    } catch (IOException | RuntimeException unreadable) {
      flaw = String.valueOf(unreadable.getMessage());
    }
    return new ClaimCandidate(delivery, run, task, flaw, System.nanoTime());
  }

  @Override
  public int compareTo(ClaimCandidate other) {
    return ORDER.compare(this, other);
  }
}
