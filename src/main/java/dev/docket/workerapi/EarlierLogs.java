package dev.docket.workerapi;

import dev.docket.wire.ReportItem;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The order of a report's items of one run. The lines of log items are appended in the order of the
 * items. An end of a run waits until the server has checked the run of the log items before it, so
 * that the next run cannot make it reject the last lines. Neither waits until lines are stored.
 */
final class EarlierLogs {

  /** The turn of the last log item of each run. Used by the thread that reads the report. */
  private final Map<String, Turn> last = new HashMap<>();

  /** The turn of one item. */
  static final class Turn {

    private final CompletableFuture<?> earlier;
    private final CompletableFuture<Boolean> passed = new CompletableFuture<>();

    private Turn(@Nullable Turn earlier) {
      this.earlier = earlier == null ? CompletableFuture.completedFuture(true) : earlier.passed;
    }

    /** Processes the item when it is its turn. */
    <T> CompletionStage<T> await(Supplier<CompletionStage<T>> processing) {
      // On a thread of its own, because the calls of many items in a row would nest.
      return earlier.isDone()
          ? processing.get()
          : earlier.thenComposeAsync(done -> processing.get());
    }

    /** The lines of the item have their place in the log, or will not be appended. */
    void pass() {
      if (earlier.isDone()) {
        passed.complete(true);
      } else {
        CompletionStage<?> pending = earlier;
        pending.thenRunAsync(() -> passed.complete(true));
      }
    }
  }

  /** The turn of the next item of the report. A log item must pass it on. */
  Turn next(ReportItem item) {
    if (item instanceof ReportItem.Log log) {
      Turn turn = new Turn(last.get(log.run()));
      last.put(log.run(), turn);
      return turn;
    }
    boolean ends = item instanceof ReportItem.Complete || item instanceof ReportItem.GiveBack;
    return new Turn(ends && item instanceof ReportItem.OfTask end ? last.get(end.run()) : null);
  }
}
