package dev.docket.counts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.document.DocumentSamples;
import dev.docket.store.StoreUnavailable;
import dev.docket.task.Task;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.TaskMachine;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DepartureLogTest {

  private static final Instant NOON = DocumentSamples.CREATED.truncatedTo(ChronoUnit.SECONDS);

  private final MemoryDepartureStore store = new MemoryDepartureStore();
  private final DepartureLog one = new DepartureLog(store, "one");
  private final DepartureLog two = new DepartureLog(store, "two");

  private static Task ended(TaskState state, Instant at) {
    return TaskSamples.ended(TaskSamples.task("ASR"), state, at, null, null);
  }

  private static void execute(DepartureLog log, Task task, Command command, Instant at) {
    Task after =
        TaskMachine.apply(task, command, TaskSamples.POLICY, TaskSamples.context(at)).task();
    log.changed(task, command, after);
  }

  private static long count(List<Departure> departures) {
    return departures.stream().mapToLong(Departure::count).sum();
  }

  @Test
  void notesRetryResetAndDeletionOfEndedTasksOnly() {
    execute(one, ended(TaskState.ERROR, NOON), new Command.Retry("ann"), NOON.plusSeconds(1));
    execute(one, ended(TaskState.SUCCESS, NOON), new Command.Reset("ann"), NOON.plusSeconds(1));
    Task deleted = ended(TaskState.CANCELLED, NOON);
    execute(one, deleted, new Command.Delete("ann"), NOON.plusSeconds(1));
    execute(one, TaskSamples.deleted(deleted), new Command.Delete("ann"), NOON.plusSeconds(1));
    execute(one, TaskSamples.task("ASR"), new Command.Delete("ann"), NOON.plusSeconds(1));
    execute(one, ended(TaskState.SUCCESS, NOON), new Command.Retry("ann"), NOON.plusSeconds(1));

    assertThat(one.exchange(NOON.plusSeconds(2)))
        .extracting(Departure::state)
        .containsExactlyInAnyOrder(TaskState.ERROR, TaskState.SUCCESS, TaskState.CANCELLED);
  }

  @Test
  void mergesTasksThatLeaveTogether() {
    for (int i = 0; i < 1_000; i++) {
      execute(
          one,
          ended(TaskState.ERROR, NOON.minus(Duration.ofDays(i + 1))),
          new Command.MassReset("ann"),
          NOON.plusMillis(i % 100));
    }
    List<Departure> departures = one.exchange(NOON.plusSeconds(2));
    assertThat(departures).hasSize(1);
    assertThat(count(departures)).isEqualTo(1_000);
  }

  @Test
  void serversLearnFromEachOther() {
    execute(one, ended(TaskState.ERROR, NOON), new Command.Retry("ann"), NOON.plusSeconds(1));
    execute(two, ended(TaskState.ERROR, NOON), new Command.Retry("ann"), NOON.plusSeconds(1));
    store.beforeWrite = () -> two.exchange(NOON.plusSeconds(2));

    assertThat(count(one.exchange(NOON.plusSeconds(2)))).isEqualTo(2);
    assertThat(count(two.exchange(NOON.plusSeconds(2)))).isEqualTo(2);
    assertThat(count(one.exchange(NOON.plusSeconds(3)))).isEqualTo(2);
  }

  @Test
  void storesLaterWhatCouldNotBeStored() {
    execute(one, ended(TaskState.ERROR, NOON), new Command.Retry("ann"), NOON.plusSeconds(1));
    execute(one, ended(TaskState.ERROR, NOON), new Command.Retry("ann"), NOON.plusSeconds(90));
    store.unavailable = true;
    assertThatThrownBy(() -> one.exchange(NOON.plusSeconds(100)))
        .isInstanceOf(StoreUnavailable.class);
    store.unavailable = false;
    one.exchange(NOON.plusSeconds(101));
    assertThat(count(two.exchange(NOON.plusSeconds(102)))).isEqualTo(2);
  }

  @Test
  void usesFixedNumberOfRecordsAndForgets() {
    for (int minute = 0; minute < 100; minute++) {
      Instant now = NOON.plus(Duration.ofMinutes(minute));
      execute(one, ended(TaskState.ERROR, now), new Command.Retry("ann"), now);
      assertThat(count(one.exchange(now))).isLessThanOrEqualTo(11);
      assertThat(count(two.exchange(now))).isLessThanOrEqualTo(11);
    }
    assertThat(store.size()).isEqualTo(15);
  }

  @Test
  void taskThatLeavesTwiceWasEndedInTwoPeriods() {
    Departure first =
        Departure.of(
            ended(TaskState.ERROR, NOON),
            TaskSamples.changedAt(TaskSamples.task("ASR"), NOON.plusSeconds(10)));
    assertThat(first.wereEndedAt(NOON.minusSeconds(1))).isFalse();
    assertThat(first.wereEndedAt(NOON)).isTrue();
    assertThat(first.wereEndedAt(NOON.plusSeconds(10))).isTrue();
    assertThat(first.wereEndedAt(NOON.plusSeconds(11))).isFalse();
  }
}
