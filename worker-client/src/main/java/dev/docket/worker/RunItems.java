package dev.docket.worker;

import dev.docket.wire.ReportItem;
import dev.docket.wire.RunId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Creates the report items of one run. */
record RunItems(String worker, RunId run, String claimId) {

  /**
   * What the worker measured of a run.
   *
   * @param waited from the lease until the handler started
   * @param ran from the start of the handler until the upload of its results ended
   */
  record RunTimes(Duration waited, Duration ran) {}

  ReportItem claim(@Nullable String instance) {
    return new ReportItem.Claim(worker, run.task(), run.attempt(), run.run(), claimId, instance);
  }

  ReportItem started(Duration waited) {
    return new ReportItem.Started(
        worker, run.task(), run.attempt(), run.run(), claimId, waited.toMillis());
  }

  ReportItem progress(@Nullable Integer percent, @Nullable String stage, @Nullable String message) {
    return new ReportItem.Progress(
        worker, run.task(), run.attempt(), run.run(), claimId, percent, stage, message);
  }

  ReportItem heartbeat() {
    return new ReportItem.Heartbeat(worker, run.task(), run.attempt(), run.run(), claimId);
  }

  /**
   * Lines for the log of the run.
   *
   * @param first how many lines were sent before
   */
  ReportItem log(long first, List<ReportItem.LogLine> lines) {
    return new ReportItem.Log(
        worker, run.task(), run.attempt(), run.run(), claimId, first, lines, null, null);
  }

  /**
   * The item that ends the run.
   *
   * @param times null if the handler has not started
   */
  ReportItem end(Outcome outcome, @Nullable RunTimes times) {
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
        outcome instanceof Outcome.Needs needs ? needs.tasks() : null,
        times == null ? null : times.waited().toMillis(),
        times == null ? null : times.ran().toMillis());
  }
}
