package dev.docket.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.simulation.InMemoryServer;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LeaseSweepTest {

  private static final Duration EVERY = Duration.ofSeconds(5);

  private final InMemoryServer house = new InMemoryServer(new InMemoryServer.SharedBackends());
  private long nanos;
  private boolean leads = true;
  private final LeaseSweep watch =
      new LeaseSweep(house.shared.tasks, house.tasks, house, EVERY, () -> nanos, () -> leads);

  @Test
  void aLeaseOfAMinuteIsLostAfterNinetySecondsOfSilence() {
    Task task = claimed(false);
    run(90);
    assertThat(house.now(task.id()).state()).isEqualTo(TaskState.PROCESSING);
    run(10);
    assertThat(house.now(task.id()).state()).isEqualTo(TaskState.CREATED);
    assertThat(house.now(task.id()).attempt()).isEqualTo(2);
    assertThat(house.now(task.id()).failures()).isEqualTo(1);
  }

  @Test
  void whoTakesTheLeadHasWatchedMeanwhile() {
    Task task = claimed(false);
    leads = false;
    run(90);
    run(10);
    assertThat(house.now(task.id()).attempt()).isEqualTo(1);
    leads = true;
    run(5);
    assertThat(house.now(task.id()).attempt()).isEqualTo(2);
  }

  @Test
  void aHeartbeatKeepsIt() {
    Task task = claimed(false);
    for (int i = 0; i < 10; i++) {
      run(60);
      house.pass(Duration.ofSeconds(60));
      house.execute(task.id(), new Command.Heartbeat(1, task.run(), "claim", "w"));
    }
    assertThat(house.now(task.id()).state()).isEqualTo(TaskState.PROCESSING);
  }

  @Test
  void whatOthersWriteToTheRecordDoesNotKeepIt() {
    Task task = claimed(false);
    for (int i = 0; i < 10; i++) {
      run(10);
      house.pass(Duration.ofSeconds(10));
      house.execute(task.id(), new Command.AddDependent(new TaskId("other-" + i)));
      house.execute(
          task.id(), new Command.CancelConfirmed(7, "run of nobody", "claim", "a late worker"));
    }
    assertThat(house.now(task.id()).attempt()).isEqualTo(2);
  }

  @Test
  void timeInWhichNothingWasLookedAtDoesNotCount() {
    Task task = claimed(false);
    run(60);
    nanos += Duration.ofHours(1).toNanos();
    run(60);
    assertThat(house.now(task.id()).state()).isEqualTo(TaskState.PROCESSING);
  }

  @Test
  void aLeaseOfAPollIsGivenBackAfterHalfAMinuteAndIsNoFailure() {
    Task task = claimed(true);
    run(40);
    assertThat(house.now(task.id()).attempt()).isEqualTo(2);
    assertThat(house.now(task.id()).failures()).isZero();
  }

  @Test
  void aRunThatTakesTooLongIsTimedOutThoughItsWorkerIsAlive() {
    Task task = claimed(false);
    for (int i = 0; i < 31; i++) {
      run(60);
      house.pass(Duration.ofSeconds(60));
      house.execute(task.id(), new Command.Heartbeat(1, task.run(), "claim", "w"));
    }
    assertThat(house.now(task.id()).attempt()).isEqualTo(2);
    assertThat(house.now(task.id()).message()).contains("408").contains("PT30M");
  }

  @Test
  void aWorkerThatIsLostEachTimeEndsTheTask() {
    Task task = claimed(false);
    for (int attempt = 1; attempt <= 3; attempt++) {
      run(100);
      Task now = house.now(task.id());
      if (attempt < 3) {
        house.execute(
            task.id(), new Command.Claim(now.attempt(), now.run(), "claim " + attempt, "w", false));
      }
    }
    assertThat(house.now(task.id()).state()).isEqualTo(TaskState.ERROR);
    assertThat(house.now(task.id()).message()).contains("worker lost");
  }

  private Task claimed(boolean provisional) {
    Task task = house.create(house.document("watched"), "ASR");
    house.execute(task.id(), new Command.Claim(1, task.run(), "claim", "w", provisional));
    return task;
  }

  /** Looks at once and then every five seconds for so long. */
  private void run(int seconds) {
    for (int passed = 0; passed <= seconds; passed += 5) {
      watch.run();
      nanos += EVERY.toNanos();
    }
    nanos -= EVERY.toNanos();
  }
}
