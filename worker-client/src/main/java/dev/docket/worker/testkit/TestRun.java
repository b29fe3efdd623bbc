package dev.docket.worker.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.wire.ReportItem.NewResult;
import dev.docket.worker.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a {@link TestTask}.
 *
 * @param said what the handler has said of its progress, in order; a worker sends only some of it
 * @param log the lines for the server's log
 */
public record TestRun(Outcome outcome, List<Said> said, List<String> log) {

  public TestRun {
    said = List.copyOf(said);
    log = List.copyOf(log);
  }

  /** How far it was, by then. */
  public record Said(@Nullable Integer percent, @Nullable String stage, @Nullable String message) {}

  /** The state that the task would get. */
  public int state() {
    return outcome.state();
  }

  public String message() {
    return outcome.message();
  }

  /** What would be handed in: nothing, unless it is a success. */
  public List<NewResult> results() {
    return outcome instanceof Outcome.Success success ? success.results() : List.of();
  }

  /** The payloads of {@link #results()}. */
  public List<JsonNode> payloads() {
    return results().stream().map(NewResult::payload).toList();
  }
}
