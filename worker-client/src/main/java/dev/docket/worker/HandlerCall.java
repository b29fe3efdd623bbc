package dev.docket.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.docket.wire.ReportItem;
import dev.docket.wire.ReportItem.NewResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Calls a handler, in a worker and in the test kit. Whatever the handler does, the result is an
 * outcome that the server accepts.
 */
public final class HandlerCall {

  private static final Logger LOG = LoggerFactory.getLogger(HandlerCall.class);

  private HandlerCall() {}

  /**
   * Calls the handler and returns its outcome. The results of the context come before those of the
   * outcome. An exception becomes 500, and its stack trace goes to the log of the run. If the run
   * was cancelled, every outcome except a success becomes 499. Too many results, or one that cannot
   * be written, become 500 with the reason. The server checks the size of the results.
   */
  public static Outcome run(TaskHandler handler, Task task, TaskContext context) {
    Outcome outcome = call(handler, task, context);
    if (outcome instanceof Outcome.Success success) {
      List<NewResult> results = new ArrayList<>(context.results());
      results.addAll(success.results());
      return limitViolation(results)
          .<Outcome>map(Outcome::error)
          .orElseGet(() -> new Outcome.Success(success.message(), results));
    }
    return context.cancelled() ? new Outcome.Failure(499, outcome.message()) : outcome;
  }

  // A handler may throw anything; even an OutOfMemoryError must not end the worker.
  private static Outcome call(TaskHandler handler, Task task, TaskContext context) {
    try {
      Outcome outcome = handler.handle(task, context);
      return outcome == null ? Outcome.error("the handler returned null") : outcome;
    } catch (Throwable e) {
      if (context.cancelled()) {
        LOG.debug("The handler of task {} stopped on request", task.id(), e);
        return Outcome.error("stopped on request");
      }
      LOG.warn(
          "The handler of task {} (key {}) failed; the task ends with 500",
          task.id(),
          task.key(),
          e);
      logStackTrace(task, context, e);
      return Outcome.error(e.toString());
    }
  }

  /** The outcome is reported in any case. */
  private static void logStackTrace(Task task, TaskContext context, Throwable thrown) {
    try {
      context.log(Level.ERROR, StackTrace.of(thrown));
    } catch (RuntimeException | Error e) {
      LOG.warn("The stack trace of task {} cannot be added to its log", task.id(), e);
    }
  }

  private static Optional<String> limitViolation(List<NewResult> results) {
    if (results.size() > ReportItem.MAX_RESULTS) {
      return Optional.of(
          "a run may have at most %d results (was %d results)"
              .formatted(ReportItem.MAX_RESULTS, results.size()));
    }
    for (int i = 0; i < results.size(); i++) {
      NewResult result = results.get(i);
      try {
        WireJson.write(result.payload());
        WireJson.write(result.generator());
      } catch (JsonProcessingException e) {
        return Optional.of(
            "result " + (i + 1) + " cannot be written as JSON: " + e.getOriginalMessage());
      }
    }
    return Optional.empty();
  }
}
