package dev.docket.worker.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.wire.ReportItem.NewResult;
import dev.docket.worker.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of running a handler on a {@link TestTask}.
 *
 * @param outcome the outcome that a worker would report
 * @param said the progress and stage reports of the handler, in order; a worker sends only some of
 *     them
 * @param log what the handler added to the log of its run, in order, and the stack trace if it
 *     threw
 */
public record TestRun(Outcome outcome, List<Said> said, List<String> log) {

  public TestRun {
    said = List.copyOf(said);
    log = List.copyOf(log);
  }

  /** The progress, stage and message after one report of the handler. */
  public record Said(@Nullable Integer percent, @Nullable String stage, @Nullable String message) {}

  /** The number of the state that the task would enter. */
  public int state() {
    return outcome.state();
  }

  /** The message that the task would get. */
  public String message() {
    return outcome.message();
  }

  /** The results that a worker would send; empty unless the outcome is a success. */
  public List<NewResult> results() {
    return outcome instanceof Outcome.Success success ? success.results() : List.of();
  }

  /** The payloads of {@link #results()}. */
  public List<JsonNode> payloads() {
    return results().stream().map(NewResult::payload).toList();
  }
}
