package dev.docket.console;

import dev.docket.drift.Drift;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the start page shows.
 *
 * @param at time to which it applies
 * @param version version of the server
 * @param storeError why Elasticsearch is unavailable; null if it is available
 * @param brokerError why the broker is unavailable; null if it is available
 * @param countedAt time of the counts of open tasks; null before the first count
 * @param problems what is stuck or has waited long, the most urgent first
 * @param silent running tasks whose worker no longer sends heartbeats; null if unknown
 * @param failures tasks that failed recently, the latest first; null if unknown
 * @param totalFailures the number of these tasks, or their minimum number
 * @param keys the keys with tasks, those that need attention first
 * @param drift difference between store and broker
 */
public record Overview(
    Instant at,
    String version,
    @Nullable String storeError,
    @Nullable String brokerError,
    @Nullable Instant countedAt,
    List<Problem> problems,
    @Nullable List<Task> silent,
    @Nullable List<Task> failures,
    long totalFailures,
    List<KeyRow> keys,
    Drift drift) {

  /** Maximum number of problems on the page. */
  static final int MAX_PROBLEMS = 20;

  /** Maximum number of keys on the page. */
  static final int MAX_KEYS = 100;

  /** The period of the failures. */
  static final Duration RECENT_PERIOD = Duration.ofHours(24);

  /**
   * States of tasks that failed themselves. One that failed with a dependency is left out, because
   * the failure of that dependency says why.
   */
  static final List<TaskState> FAILURES =
      Arrays.stream(TaskState.values())
          .filter(TaskState::isFailed)
          .filter(state -> state != TaskState.CANCELLED && state != TaskState.FAILED_DEPENDENCY)
          .toList();

  public Overview {
    problems = List.copyOf(problems);
    silent = silent == null ? null : List.copyOf(silent);
    failures = failures == null ? null : List.copyOf(failures);
    keys = List.copyOf(keys);
  }

  /** The most urgent problems. */
  public List<Problem> shownProblems() {
    return problems.subList(0, Math.min(MAX_PROBLEMS, problems.size()));
  }

  /** The number of problems that are not shown. */
  public int moreProblems() {
    return problems.size() - shownProblems().size();
  }

  /** The first keys. */
  public List<KeyRow> shownKeys() {
    return keys.subList(0, Math.min(MAX_KEYS, keys.size()));
  }

  /** The number of keys that are not shown. */
  public int moreKeys() {
    return keys.size() - shownKeys().size();
  }

  /** Whether the broker's queues were counted, so that a key without numbers has no queue. */
  public boolean queuesKnown() {
    return drift.counted() && drift.reason() == null;
  }

  /** The parameters of a search for all failures. */
  public String failureSearch() {
    return PageText.states(FAILURES)
        + "&sort=-finished_at&finished_from="
        + at.minus(RECENT_PERIOD).truncatedTo(ChronoUnit.SECONDS);
  }

  /** The number of findings that need a person. */
  public long stuck() {
    return Stream.of(storeError, brokerError).filter(Objects::nonNull).count()
        + problems.stream().filter(problem -> problem.kind().stuck()).count();
  }
}
