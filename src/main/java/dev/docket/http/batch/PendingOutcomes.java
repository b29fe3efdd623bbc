package dev.docket.http.batch;

import dev.docket.concurrent.Stages;
import dev.docket.http.Problem;
import dev.docket.http.ProblemBody;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The outcomes of a batch that are not written yet, oldest first. Their number and size are
 * limited: the next item starts only when there is room, so memory use does not depend on the
 * length of the batch.
 */
final class PendingOutcomes {

  private static final int MAX_ITEMS = 500;
  private static final long MAX_BYTES = 2 << 20;

  private final ArrayDeque<Outcome> queue = new ArrayDeque<>();
  private long bytes;

  /**
   * An outcome of an item.
   *
   * @param index index of the item
   * @param bytes size of the item for its first outcome, 0 for the others
   * @param view completes with the view of the created record
   */
  private record Outcome(int index, int bytes, CompletableFuture<?> view) {}

  /** Writes outcomes to the response. */
  interface OutcomeWriter {
    void created(int index, Object view) throws IOException;

    void failed(int index, ProblemBody problem) throws IOException;
  }

  /** Starts the operation on an item. */
  void start(BatchItem item, BatchOperation operation) {
    List<? extends CompletionStage<?>> outcomes;
    try {
      outcomes = operation.start(item);
    } catch (Problem problem) {
      outcomes = List.of(CompletableFuture.failedStage(problem));
    }
    int length = item.length();
    for (CompletionStage<?> outcome : outcomes) {
      add(item.index(), length, outcome);
      length = 0;
    }
  }

  /** Adds the failure of an item whose operation is not started. */
  void reject(int index, Problem problem) {
    add(index, 0, CompletableFuture.failedStage(problem));
  }

  private void add(int index, int length, CompletionStage<?> outcome) {
    queue.add(new Outcome(index, length, outcome.toCompletableFuture()));
    bytes += length;
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /** Whether the oldest outcome is complete, or must be awaited to make room. */
  boolean isOldestDue() {
    return !queue.isEmpty()
        && (queue.size() >= MAX_ITEMS || bytes >= MAX_BYTES || queue.element().view().isDone());
  }

  /** Waits for the oldest outcome. Returns false if it is not complete in time. */
  boolean await(long millis) {
    try {
      queue.element().view().get(millis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }

  /**
   * Waits for the oldest outcome and writes it.
   *
   * @throws CompletionException if it failed with anything but a {@link Problem}, which is a bug
   *     and ends the batch
   */
  void writeOldest(OutcomeWriter writer) throws IOException {
    Outcome oldest = queue.remove();
    bytes -= oldest.bytes();
    Object view;
    try {
      view = oldest.view().join();
    } catch (CompletionException failure) {
      writer.failed(oldest.index(), BatchResponse.problem(Stages.cause(failure)));
      return;
    }
    writer.created(oldest.index(), view);
  }
}
