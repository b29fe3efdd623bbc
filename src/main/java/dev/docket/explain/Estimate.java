package dev.docket.explain;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How long a queue takes to come to a task, going by how long the key's last runs took.
 *
 * @param runs on how many runs it rests
 */
record Estimate(long waitMs, long meanMs, long medianMs, int runs) {

  /** On fewer runs nothing is said. */
  private static final int MIN_SAMPLES = 3;

  /** Empty where there is too little to go by, or nothing to wait for. */
  static Optional<Estimate> of(Evidence.Line line, long consumers) {
    List<Long> runs = line.recentRunMs().stream().sorted().toList();
    if (runs.size() < MIN_SAMPLES || consumers < 1 || line.ahead() < 1) {
      return Optional.empty();
    }
    double mean = runs.stream().mapToLong(Long::longValue).average().orElseThrow();
    long wait = Math.round(mean * line.ahead() / consumers);
    return Optional.of(
        new Estimate(wait, Math.round(mean), runs.get(runs.size() / 2), runs.size()));
  }

  String text() {
    return "about "
        + ExplanationText.about(Duration.ofMillis(waitMs))
        + ", if each takes as long as the last "
        + runs
        + " did ("
        + ExplanationText.about(Duration.ofMillis(meanMs))
        + ") and a consumer does one at a time";
  }
}
