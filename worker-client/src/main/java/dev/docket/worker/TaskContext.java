package dev.docket.worker;

import dev.docket.wire.ReportItem;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a handler can say and ask while it works on one task. Safe for use by several threads. No
 * method waits for the network. The lease is kept alive without it.
 */
public interface TaskContext {

  /**
   * How far it is. Only the latest counts: reports go out at most once a second and not in the
   * first quarter of a second, and one that could not be sent is replaced by the next.
   *
   * @param percent 0 to 100; what is outside is taken as the nearest of them
   * @param message for people
   */
  void progress(int percent, @Nullable String message);

  /** As {@link #progress(int, String)}, leaving the message as it is. */
  void progress(int percent);

  /** A word for what is being done now, as {@code storing}; sent like progress. */
  void stage(String stage);

  /**
   * Adds a result, sent with the completion if that is a success, before those of the outcome.
   *
   * @param payload whatever Jackson can write, or a {@code JsonNode}
   * @throws IllegalArgumentException if Jackson cannot write it
   */
  void result(Object payload);

  /** As {@link #result(Object)}, and says who made it. */
  void result(Object payload, Generator generator);

  /** The results added so far. */
  List<ReportItem.NewResult> results();

  /**
   * Writes a line to the server's log, under the task's id. Not kept in the task; may be lost, and
   * is when the server cannot be reached.
   */
  void log(String line);

  /**
   * Whether the handler should end: the task was cancelled, its lease is lost, or the worker stops
   * and its time for that is over. Its thread has been interrupted then.
   */
  boolean cancelled();

  /** Fails if the handler should end; for loops that never wait. */
  default void checkpoint() throws InterruptedException {
    if (cancelled()) {
      throw new InterruptedException("asked to end");
    }
  }

  /** The clock to take the time from: the system's, or in tests the one that was set. */
  Clock clock();
}
