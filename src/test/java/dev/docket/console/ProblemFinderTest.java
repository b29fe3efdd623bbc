package dev.docket.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.counts.Backlog;
import dev.docket.document.DocumentSamples;
import dev.docket.drift.Drift;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.workers.Occupancy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ProblemFinderTest {

  private static final Instant NOW = DocumentSamples.CREATED.plus(Duration.ofDays(1));
  private static final TaskKey ASR = new TaskKey("ASR");
  private static final TaskKey OCR = new TaskKey("OCR");

  static Backlog open(TaskKey key, TaskState state, long count, Duration oldest) {
    return new Backlog(key, state, count, 0, 0, 0, NOW.minus(oldest));
  }

  static Drift drift(Drift.KeyDrift... keys) {
    return new Drift(NOW, true, null, null, false, 0L, 0L, List.of(keys));
  }

  static Drift.KeyDrift queue(TaskKey key, int consumers, @Nullable Long missing) {
    return new Drift.KeyDrift(
        key, Map.of(), null, new Drift.QueueTotals(3, 0, consumers), missing, 0L, null, Set.of());
  }

  private static List<Problem.Kind> kinds(List<Backlog> open, Drift drift) {
    return ProblemFinder.find(open, drift, Map.of(), true, NOW).stream()
        .map(Problem::kind)
        .toList();
  }

  @Test
  void findsUnroutableTasksAtOnce() {
    Backlog unroutable = open(ASR, TaskState.NO_ROUTE_TO_QUEUE, 7, Duration.ofSeconds(1));

    assertThat(ProblemFinder.find(List.of(unroutable), drift(), Map.of(), true, NOW))
        .containsExactly(new Problem(Problem.Kind.UNROUTABLE, ASR, 7, NOW.minusSeconds(1), null));
  }

  @Test
  void findsQueuedTasksWithoutConsumerAfterAMinute() {
    Drift noConsumer = drift(queue(ASR, 0, 0L));

    assertThat(kinds(List.of(open(ASR, TaskState.QUEUED, 1, Duration.ofSeconds(61))), noConsumer))
        .containsExactly(Problem.Kind.NO_WORKER);
    assertThat(kinds(List.of(open(ASR, TaskState.QUEUED, 1, Duration.ofSeconds(59))), noConsumer))
        .isEmpty();
  }

  @Test
  void workersThatAreBusyWithTasksOfOtherKeysAreNotMissing() {
    List<Backlog> open = List.of(open(ASR, TaskState.QUEUED, 1, Duration.ofMinutes(5)));
    Drift noConsumer = drift(queue(ASR, 0, 0L));

    Occupancy busy = new Occupancy(2, 8, 8, NOW);
    assertThat(ProblemFinder.find(open, noConsumer, Map.of(ASR, busy), true, NOW)).isEmpty();
    Occupancy free = new Occupancy(2, 8, 7, NOW);
    assertThat(ProblemFinder.find(open, noConsumer, Map.of(ASR, free), true, NOW))
        .extracting(Problem::kind)
        .containsExactly(Problem.Kind.NO_WORKER);
  }

  /** A worker that polls has no consumer while it runs a task. */
  @Test
  void pollingWorkersThatAreBusyAreNotMissing() {
    List<Backlog> open =
        List.of(
            open(ASR, TaskState.QUEUED, 1, Duration.ofMinutes(5)),
            open(ASR, TaskState.PROCESSING, 1, Duration.ofMinutes(5)));

    assertThat(kinds(open, drift(queue(ASR, 0, 0L)))).isEmpty();
  }

  @Test
  void doesNotClaimThatWorkersAreMissingIfQueuesAreNotCounted() {
    Backlog queued = open(ASR, TaskState.QUEUED, 1, Duration.ofMinutes(11));

    assertThat(kinds(List.of(queued), Drift.NONE)).containsExactly(Problem.Kind.SLOW_QUEUE);
  }

  @Test
  void listsLongWaitsAsNotStuck() {
    Duration wait = Duration.ofMinutes(11);
    List<Problem> problems =
        ProblemFinder.find(
            List.of(
                open(ASR, TaskState.UNFINISHED_DEPENDENCY, 1, wait),
                open(ASR, TaskState.CREATED, 1, wait),
                open(ASR, TaskState.QUEUED, 1, wait)),
            drift(queue(ASR, 2, 0L)),
            Map.of(),
            true,
            NOW);

    assertThat(problems)
        .extracting(Problem::kind)
        .containsExactly(
            Problem.Kind.SLOW_QUEUE, Problem.Kind.UNPUBLISHED, Problem.Kind.DEPENDENCY);
    assertThat(problems).noneMatch(problem -> problem.kind().stuck());
  }

  @Test
  void ignoresDelayedTasks() {
    Backlog delayed = new Backlog(ASR, TaskState.CREATED, 5, 5, 0, 0, null);

    assertThat(ProblemFinder.find(List.of(delayed), drift(), Map.of(), false, NOW)).isEmpty();
  }

  @Test
  void unpublishedTasksAreStuckWhileTheBrokerIsUnavailable() {
    Backlog created = new Backlog(ASR, TaskState.CREATED, 5, 2, 0, 0, NOW);

    assertThat(ProblemFinder.find(List.of(created), drift(), Map.of(), false, NOW))
        .containsExactly(new Problem(Problem.Kind.BROKER_UNAVAILABLE, ASR, 3, NOW, null));
    assertThat(ProblemFinder.find(List.of(created), drift(), Map.of(), true, NOW)).isEmpty();
  }

  @Test
  void reportsLostMessages() {
    assertThat(ProblemFinder.find(List.of(), drift(queue(ASR, 1, 4L)), Map.of(), true, NOW))
        .containsExactly(new Problem(Problem.Kind.MESSAGES_LOST, ASR, 4, null, null));
  }

  @Test
  void sortsByUrgencyThenByAge() {
    List<Problem> problems =
        ProblemFinder.find(
            List.of(
                open(ASR, TaskState.QUEUED, 1, Duration.ofHours(9)),
                open(ASR, TaskState.NO_ROUTE_TO_QUEUE, 1, Duration.ofMinutes(1)),
                open(OCR, TaskState.NO_ROUTE_TO_QUEUE, 1, Duration.ofMinutes(2))),
            drift(queue(ASR, 0, 0L)),
            Map.of(),
            true,
            NOW);

    assertThat(problems)
        .extracting(problem -> problem.kind() + " " + problem.key())
        .containsExactly("UNROUTABLE OCR", "UNROUTABLE ASR", "NO_WORKER ASR");
  }
}
