package dev.docket.console;

import dev.docket.counts.Backlog;
import dev.docket.drift.Drift;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.workers.Occupancy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds what is stuck in the counts that the server holds. Pure. */
final class ProblemFinder {

  /** The counts are this old. */
  private static final Duration GRACE = Duration.ofMinutes(1);

  /** Tasks that wait longer than this are listed even if nothing is wrong. */
  private static final Duration LONG_WAIT = Duration.ofMinutes(10);

  private static final Comparator<Problem> URGENT_FIRST =
      Comparator.comparing(Problem::kind)
          .thenComparing(Problem::since, Comparator.nullsLast(Comparator.naturalOrder()))
          .thenComparing(Problem::key);

  private final boolean brokerAvailable;
  private final Map<TaskKey, Drift.KeyDrift> drift;
  private final Map<TaskKey, Occupancy> occupancy;
  private final Instant now;

  private ProblemFinder(
      boolean brokerAvailable, Drift drift, Map<TaskKey, Occupancy> occupancy, Instant now) {
    this.occupancy = occupancy;
    this.brokerAvailable = brokerAvailable;
    this.drift = drift.keys().stream().collect(Collectors.toMap(Drift.KeyDrift::key, key -> key));
    this.now = now;
  }

  /**
   * Returns what is stuck, the most urgent first, then what has waited long for other reasons.
   *
   * @param open the numbers of open tasks
   * @param occupancy how busy the workers of each key are; empty if that is unknown
   */
  static List<Problem> find(
      Collection<Backlog> open,
      Drift drift,
      Map<TaskKey, Occupancy> occupancy,
      boolean brokerAvailable,
      Instant now) {
    ProblemFinder finder = new ProblemFinder(brokerAvailable, drift, occupancy, now);
    Map<TaskKey, List<Backlog>> byKey = new TreeMap<>();
    open.forEach(count -> byKey.computeIfAbsent(count.key(), k -> new ArrayList<>()).add(count));
    List<Problem> problems = new ArrayList<>();
    byKey.values().forEach(counts -> problems.addAll(finder.problems(counts)));
    drift.keys().forEach(key -> finder.addLost(key, problems));
    problems.sort(URGENT_FIRST);
    return problems;
  }

  private List<Problem> problems(List<Backlog> countsOfKey) {
    boolean running =
        countsOfKey.stream().anyMatch(c -> c.state() == TaskState.PROCESSING && c.due() > 0);
    List<Problem> problems = new ArrayList<>();
    for (Backlog backlog : countsOfKey) {
      long due = backlog.due();
      Problem.Kind kind = due > 0 ? kind(backlog, running) : null;
      if (kind != null) {
        problems.add(new Problem(kind, backlog.key(), due, backlog.oldest(), null));
      }
      if (backlog.limited() > 0) {
        problems.add(
            new Problem(Problem.Kind.LIMITED, backlog.key(), backlog.limited(), null, null));
      }
    }
    return problems;
  }

  private Problem.@Nullable Kind kind(Backlog backlog, boolean running) {
    return switch (backlog.state()) {
      case NO_ROUTE_TO_QUEUE -> Problem.Kind.UNROUTABLE;
      case QUEUED ->
          !running
                  && !hasBusyWorkers(backlog.key())
                  && hasNoConsumer(backlog.key())
                  && waitsFor(backlog, GRACE)
              ? Problem.Kind.NO_WORKER
              : ifWaitingLong(backlog, Problem.Kind.SLOW_QUEUE);
      case CREATED, TASK_RESET ->
          brokerAvailable
              ? ifWaitingLong(backlog, Problem.Kind.UNPUBLISHED)
              : Problem.Kind.BROKER_UNAVAILABLE;
      case UNFINISHED_DEPENDENCY -> ifWaitingLong(backlog, Problem.Kind.DEPENDENCY);
      default -> null;
    };
  }

  /** A worker whose slots are taken, by tasks of any key, has no consumer. */
  private boolean hasBusyWorkers(TaskKey key) {
    return occupancy.getOrDefault(key, Occupancy.NONE).busy();
  }

  private boolean hasNoConsumer(TaskKey key) {
    Drift.KeyDrift known = drift.get(key);
    Drift.QueueTotals queues = known == null ? null : known.queues();
    return queues != null && queues.consumers() == 0;
  }

  private Problem.@Nullable Kind ifWaitingLong(Backlog backlog, Problem.Kind kind) {
    return waitsFor(backlog, LONG_WAIT) ? kind : null;
  }

  private boolean waitsFor(Backlog backlog, Duration duration) {
    Instant oldest = backlog.oldest();
    return oldest != null && oldest.plus(duration).isBefore(now);
  }

  private void addLost(Drift.KeyDrift key, List<Problem> problems) {
    Long missing = key.missing();
    if (missing != null && missing > 0) {
      problems.add(
          new Problem(Problem.Kind.MESSAGES_LOST, key.key(), missing, key.waitingSince(), null));
    }
  }
}
