package dev.docket.http.batch;

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
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of a batch that are not written yet, oldest first. While there is no room the next
 * item is not begun, so memory holds no more than this, however long the batch is.
 */
final class PendingOutcomes {

  private static final int MAX_ITEMS = 500;
  private static final long MAX_BYTES = 2 << 20;

  private final ArrayDeque<Outcome> waiting = new ArrayDeque<>();
  private long bytes;

  /**
   * What becomes of an item.
   *
   * @param index the item's
   * @param bytes of the item; counted with the first of its outcomes
   */
  private record Outcome(int index, int bytes, CompletableFuture<?> made) {}

  /** Writes an outcome. */
  interface Answers {
    void made(int index, Object made) throws IOException;

    void failed(int index, ProblemBody problem) throws IOException;
  }

  /** Begins an item. */
  void begin(BatchItem item, BatchOperation act) {
    List<? extends CompletionStage<?>> outcomes;
    try {
      outcomes = act.on(item);
    } catch (Problem refused) {
      outcomes = List.of(CompletableFuture.failedStage(refused));
    }
    int length = item.length();
    for (CompletionStage<?> outcome : outcomes) {
      add(item.index(), length, outcome);
      length = 0;
    }
  }

  /** Takes what fails without being begun. */
  void refuse(int index, Problem problem) {
    add(index, 0, CompletableFuture.failedStage(problem));
  }

  private void add(int index, int length, CompletionStage<?> outcome) {
    waiting.add(new Outcome(index, length, outcome.toCompletableFuture()));
    bytes += length;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Whether the oldest has its outcome, or must have it before there is room. */
  boolean due() {
    return !waiting.isEmpty()
        && (waiting.size() >= MAX_ITEMS || bytes >= MAX_BYTES || waiting.element().made().isDone());
  }

  /** Waits a little for the oldest; false: it has no outcome yet. */
  boolean await(long millis) {
    try {
      waiting.element().made().get(millis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException notYet) {
      return false;
    } catch (ExecutionException failed) {
      return true;
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new CompletionException(stopping);
    }
  }

  /**
   * Waits for the oldest and writes it.
   *
   * @throws CompletionException if it failed with anything but a {@link Problem}: a bug, which ends
   *     the batch
   */
  void writeOldest(Answers answers) throws IOException {
    Outcome oldest = waiting.remove();
    bytes -= oldest.bytes();
    Object made;
    try {
      made = oldest.made().join();
    } catch (CompletionException failure) {
      answers.failed(oldest.index(), BatchResponse.problem(cause(failure)));
      return;
    }
    answers.made(oldest.index(), made);
  }

  private static @Nullable Throwable cause(CompletionException failure) {
    return failure.getCause() == null ? failure : failure.getCause();
  }
}
