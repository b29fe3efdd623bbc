package dev.docket.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.docket.wire.ReportItem;
import dev.docket.wire.ReportItem.NewResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a handler as every worker does, in production and in the test kit: whatever the handler
 * does, an outcome comes out that the server will take.
 */
public final class HandlerCall {

  private static final Logger LOG = LoggerFactory.getLogger(HandlerCall.class);

  private HandlerCall() {}

  /**
   * The handler's outcome, with the context's results in front of its own. What it throws becomes
   * 500; all but a success becomes 499 when the run was cancelled; results over the limits become
   * 500 with the reason.
   */
  public static Outcome run(TaskHandler handler, Task task, TaskContext context) {
    Outcome outcome = call(handler, task, context);
    if (outcome instanceof Outcome.Success success) {
      List<NewResult> results = new ArrayList<>(context.results());
      results.addAll(success.results());
      return objection(results)
          .<Outcome>map(Outcome::error)
          .orElseGet(() -> new Outcome.Success(success.message(), results));
    }
    return context.cancelled() ? new Outcome.Failure(499, outcome.message()) : outcome;
  }

  // A handler may throw anything, and one that runs out of memory must not end the worker.
  private static Outcome call(TaskHandler handler, Task task, TaskContext context) {
    try {
      Outcome outcome = handler.handle(task, context);
      return outcome == null ? Outcome.error("the handler returned null") : outcome;
    } catch (Throwable thrown) {
      if (context.cancelled()) {
        LOG.debug("task {} was stopped as asked", task.id(), thrown);
        return Outcome.error("stopped as asked");
      }
      LOG.warn("the handler of task {} ({}) has failed", task.id(), task.key(), thrown);
      return Outcome.error(thrown.toString());
    }
  }

  private static Optional<String> objection(List<NewResult> results) {
    if (results.size() > ReportItem.MAX_RESULTS) {
      return Optional.of(
          results.size() + " results, more than the " + ReportItem.MAX_RESULTS + " of one run");
    }
    long all = 0;
    for (int i = 0; i < results.size(); i++) {
      NewResult result = results.get(i);
      long size;
      try {
        size = WireJson.write(result.payload()).length;
        if (result.generator() != null) {
          WireJson.write(result.generator());
        }
      } catch (JsonProcessingException unwritable) {
        return Optional.of(
            "result " + (i + 1) + " cannot be written as JSON: " + unwritable.getOriginalMessage());
      }
      if (size > ReportItem.MAX_PAYLOAD_BYTES) {
        return Optional.of(
            "result %d has %d bytes, more than the %d of one result"
                .formatted(i + 1, size, ReportItem.MAX_PAYLOAD_BYTES));
      }
      all += size;
    }
    return all <= ReportItem.MAX_RESULTS_BYTES
        ? Optional.empty()
        : Optional.of(
            "%d bytes of results, more than the %d of one run"
                .formatted(all, ReportItem.MAX_RESULTS_BYTES));
  }
}
