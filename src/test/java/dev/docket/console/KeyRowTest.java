package dev.docket.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.counts.Backlog;
import dev.docket.counts.RecentWork;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.workers.Occupancy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class KeyRowTest {

  private static Backlog open(String key, TaskState state) {
    return ProblemFinderTest.open(new TaskKey(key), state, 2, Duration.ofHours(1));
  }

  @Test
  void keysThatWaitWithoutConsumerComeFirst() {
    List<KeyRow> rows =
        KeyRow.of(
            List.of(
                open("A", TaskState.PROCESSING),
                open("B", TaskState.QUEUED),
                open("C", TaskState.QUEUED),
                open("D", TaskState.NO_ROUTE_TO_QUEUE)),
            ProblemFinderTest.drift(
                    ProblemFinderTest.queue(new TaskKey("B"), 1, 0L),
                    ProblemFinderTest.queue(new TaskKey("C"), 0, 0L),
                    ProblemFinderTest.queue(new TaskKey("E"), 1, 0L))
                .keys(),
            null,
            null);

    assertThat(rows).extracting(row -> row.key().value()).containsExactly("C", "D", "B", "A", "E");
  }

  @Test
  void countsFailuresWithoutCancelledAndDependentTasks() {
    Map<TaskState, Long> states =
        Map.of(
            TaskState.SUCCESS, 1L,
            TaskState.ERROR, 2L,
            TaskState.TIMED_OUT, 4L,
            TaskState.CANCELLED, 8L,
            TaskState.FAILED_DEPENDENCY, 16L);
    TaskKey key = new TaskKey("A");
    RecentWork work =
        new RecentWork(List.of(new RecentWork.KeyWork(key, states, null, null)), false);

    KeyRow row = KeyRow.of(List.of(), List.of(), null, work).get(0);

    assertThat(row.failed()).isEqualTo(6);
    assertThat(row.succeeded()).isEqualTo(1);
  }

  @Test
  void keysWithoutEndedTasksCountZeroIfAllKeysAreListed() {
    List<Backlog> open = List.of(open("A", TaskState.QUEUED));

    assertThat(KeyRow.of(open, List.of(), null, new RecentWork(List.of(), false)).get(0).failed())
        .isZero();
    assertThat(KeyRow.of(open, List.of(), null, new RecentWork(List.of(), true)).get(0).failed())
        .isNull();
  }

  @Test
  void showsHowManySlotsAreTaken() {
    assertThat(row(new Occupancy(2, 8, 5, null)).workersText()).isEqualTo("2 (5 of 8 slots taken)");
    assertThat(row(new Occupancy(1, null, 1, null)).workersText()).isEqualTo("1 (1 running)");
    assertThat(row(Occupancy.NONE).workersText()).isEmpty();
    assertThat(row(Occupancy.NONE).waitsWithoutConsumer()).isTrue();
    assertThat(row(new Occupancy(2, 8, 8, null)).waitsWithoutConsumer()).isFalse();
  }

  private static KeyRow row(Occupancy workers) {
    TaskKey key = new TaskKey("A");
    return KeyRow.of(List.of(open("A", TaskState.QUEUED)), List.of(), Map.of(key, workers), null)
        .get(0);
  }

  @Test
  void listsKeysThatHaveOnlyWorkers() {
    Map<TaskKey, Occupancy> workers = Map.of(new TaskKey("A"), new Occupancy(1, 4, 0, null));

    assertThat(KeyRow.of(List.of(), List.of(), workers, null)).hasSize(1);
  }

  @Test
  void valuesThatWereNotCountedAreUnknown() {
    KeyRow row = KeyRow.of(List.of(open("A", TaskState.QUEUED)), List.of(), null, null).get(0);

    assertThat(row.consumers()).isNull();
    assertThat(row.messages()).isNull();
    assertThat(row.failed()).isNull();
  }
}
