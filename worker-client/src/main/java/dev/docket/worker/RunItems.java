package dev.docket.worker;

import dev.docket.wire.ReportItem;
import dev.docket.wire.RunId;
import org.jspecify.annotations.Nullable;

/** Creates the report items of one run. */
record RunItems(String worker, RunId run, String claimId) {

  ReportItem claim(@Nullable String instance) {
    return new ReportItem.Claim(worker, run.task(), run.attempt(), run.run(), claimId, instance);
  }

  ReportItem started() {
    return new ReportItem.Started(worker, run.task(), run.attempt(), run.run(), claimId);
  }

  ReportItem progress(@Nullable Integer percent, @Nullable String stage, @Nullable String message) {
    return new ReportItem.Progress(
        worker, run.task(), run.attempt(), run.run(), claimId, percent, stage, message);
  }

  ReportItem heartbeat() {
    return new ReportItem.Heartbeat(worker, run.task(), run.attempt(), run.run(), claimId);
  }

  ReportItem log(String line) {
    return new ReportItem.Log(worker, run.task(), run.attempt(), run.run(), "INFO", line);
  }

  /** The item that ends the run. */
  ReportItem end(Outcome outcome) {
    if (outcome instanceof Outcome.GiveBack) {
      return new ReportItem.GiveBack(
          worker, run.task(), run.attempt(), run.run(), claimId, outcome.message());
    }
    return new ReportItem.Complete(
        worker,
        run.task(),
        run.attempt(),
        run.run(),
        claimId,
        outcome.state(),
        outcome.message(),
        outcome instanceof Outcome.Success success && !success.results().isEmpty()
            ? success.results()
            : null,
        outcome instanceof Outcome.Needs needs ? needs.tasks() : null);
  }
}
