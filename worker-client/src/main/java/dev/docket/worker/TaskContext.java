package dev.docket.worker;

import dev.docket.wire.ReportItem;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * The interface of a running handler to its worker: progress, results, log lines and cancellation.
 * Thread-safe. No method waits for the network. The worker extends the lease in the background; the
 * handler need not call anything for that.
 */
public interface TaskContext {

  /**
   * Reports progress. The worker sends only the latest values, at most once a second and not in the
   * first quarter of a second of a run. If a report is lost, the worker sends the values that are
   * the latest by then.
   *
   * @param percent 0 to 100; other values are set to the nearest limit
   * @param message a human-readable message
   */
  void progress(int percent, @Nullable String message);

  /** Reports progress as {@link #progress(int, String)} does, and keeps the previous message. */
  void progress(int percent);

  /** Reports the current step in a word, such as {@code storing}. It is sent like progress. */
  void stage(String stage);

  /**
   * Adds a result. If the outcome is a success, the worker sends it with the end of the run, before
   * the results of the outcome; otherwise the worker drops it.
   *
   * @param payload any object that Jackson can write, or a {@code JsonNode}
   * @throws IllegalArgumentException if Jackson cannot write the payload
   */
  void result(Object payload);

  /** Adds a result as {@link #result(Object)} does, with its creator. */
  void result(Object payload, Generator generator);

  /** The results that the handler has added so far. */
  List<ReportItem.NewResult> results();

  /** Appends text to the log of the run, with the level INFO; see {@link #log(Level, String)}. */
  default void log(String text) {
    log(Level.INFO, text);
  }

  /**
   * Appends text of one line or several to the log of the run, which people read with {@code GET
   * /task/{id}/log}. The worker sends the lines about once a second, and the last ones with the end
   * of the run. If the server does not take them fast enough, the worker drops the oldest ones and
   * says so in the log. If the handler throws, the worker appends the stack trace.
   */
  void log(Level level, String text);

  /**
   * Whether the handler should stop: the task was cancelled, the lease is lost, or the worker is
   * stopping and its stop limit has passed. The worker has then interrupted the handler's thread.
   */
  boolean cancelled();

  /**
   * Throws if the handler should stop. Call it in loops that do not block.
   *
   * @throws InterruptedException if {@link #cancelled()} is true
   */
  default void checkpoint() throws InterruptedException {
    if (cancelled()) {
      throw new InterruptedException("the run was cancelled or interrupted");
    }
  }

  /** The clock for handlers: the system clock, or in tests the configured one. */
  Clock clock();
}
