package dev.docket.explain;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Estimated time until a queued task reaches a worker, based on the latest runs of its task key.
 *
 * @param runs number of runs that the estimate is based on
 */
record Estimate(long waitMs, long meanMs, long medianMs, int runs) {

  /** With fewer runs there is no estimate. */
  private static final int MIN_SAMPLES = 3;

  /** Returns empty if there are too few runs, no slots, or no tasks ahead. */
  static Optional<Estimate> of(Evidence.QueuePosition position, long slots) {
    List<Long> runs = position.recentRunMs().stream().sorted().toList();
    if (runs.size() < MIN_SAMPLES || slots < 1 || position.ahead() < 1) {
      return Optional.empty();
    }
    double mean = runs.stream().mapToLong(Long::longValue).average().orElseThrow();
    long wait = Math.round(mean * position.ahead() / slots);
    return Optional.of(
        new Estimate(wait, Math.round(mean), runs.get(runs.size() / 2), runs.size()));
  }

  String text() {
    return "Estimated wait: "
        + ExplanationText.rounded(Duration.ofMillis(waitMs))
        + ", if each slot runs one task at a time and a run takes "
        + ExplanationText.rounded(Duration.ofMillis(meanMs))
        + " (average of the last "
        + runs
        + " runs).";
  }
}
