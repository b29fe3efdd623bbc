package dev.docket.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.simulation.InMemoryServer;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunTiming;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LeaseSweepTest {

  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final InMemoryServer server = new InMemoryServer(new InMemoryServer.SharedBackends());
  private long nanos;
  private boolean isLeader = true;
  private final LeaseSweep sweep =
      new LeaseSweep(
          server.shared.tasks, server.tasks, server, INTERVAL, () -> nanos, () -> isLeader);

  @Test
  void leaseOfOneMinuteIsLostAfterNinetySecondsWithoutHeartbeat() {
    Task task = claimed(false);
    run(90);
    assertThat(server.task(task.id()).state()).isEqualTo(TaskState.PROCESSING);
    run(10);
    assertThat(server.task(task.id()).state()).isEqualTo(TaskState.CREATED);
    assertThat(server.task(task.id()).run().attempt()).isEqualTo(2);
    assertThat(server.task(task.id()).run().failures()).isEqualTo(1);
  }

  @Test
  void newLeaderHasObservedLeasesBefore() {
    Task task = claimed(false);
    isLeader = false;
    run(90);
    run(10);
    assertThat(server.task(task.id()).run().attempt()).isEqualTo(1);
    isLeader = true;
    run(5);
    assertThat(server.task(task.id()).run().attempt()).isEqualTo(2);
  }

  @Test
  void heartbeatKeepsLease() {
    Task task = claimed(false);
    for (int i = 0; i < 10; i++) {
      run(60);
      server.advanceClock(Duration.ofSeconds(60));
      server.execute(
          task.id(),
          new Command.Heartbeat(new Reporter(new RunRef(1, task.run().token()), "claim", "w")));
    }
    assertThat(server.task(task.id()).state()).isEqualTo(TaskState.PROCESSING);
  }

  @Test
  void otherWritesDoNotKeepLease() {
    Task task = claimed(false);
    for (int i = 0; i < 10; i++) {
      run(10);
      server.advanceClock(Duration.ofSeconds(10));
      server.execute(task.id(), new Command.AddDependent(new TaskId("other-" + i)));
      server.execute(
          task.id(),
          new Command.CancelConfirmed(
              new Reporter(new RunRef(7, "unknown run"), "claim", "a late worker"),
              RunTiming.UNKNOWN));
    }
    assertThat(server.task(task.id()).run().attempt()).isEqualTo(2);
  }

  @Test
  void ignoresTimeWithoutRuns() {
    Task task = claimed(false);
    run(60);
    nanos += Duration.ofHours(1).toNanos();
    run(60);
    assertThat(server.task(task.id()).state()).isEqualTo(TaskState.PROCESSING);
  }

  @Test
  void provisionalLeaseIsGivenBackAfterThirtySecondsWithoutFailure() {
    Task task = claimed(true);
    run(40);
    assertThat(server.task(task.id()).run().attempt()).isEqualTo(2);
    assertThat(server.task(task.id()).run().failures()).isZero();
  }

  @Test
  void longRunTimesOutDespiteHeartbeats() {
    Task task = claimed(false);
    for (int i = 0; i < 31; i++) {
      run(60);
      server.advanceClock(Duration.ofSeconds(60));
      server.execute(
          task.id(),
          new Command.Heartbeat(new Reporter(new RunRef(1, task.run().token()), "claim", "w")));
    }
    assertThat(server.task(task.id()).run().attempt()).isEqualTo(2);
    assertThat(server.task(task.id()).message()).contains("408").contains("PT30M");
  }

  @Test
  void timeoutCountsFromReportedStart() {
    Task task = claimed(false);
    for (int i = 0; i < 40; i++) {
      run(60);
      server.advanceClock(Duration.ofSeconds(60));
      server.execute(
          task.id(),
          i == 15
              ? new Command.Started(
                  new Reporter(new RunRef(1, task.run().token()), "claim", "w"),
                  Duration.ofMinutes(15).toMillis())
              : new Command.Heartbeat(
                  new Reporter(new RunRef(1, task.run().token()), "claim", "w")));
    }
    assertThat(server.task(task.id()).run().attempt()).isEqualTo(1);
    for (int i = 0; i < 10; i++) {
      run(60);
      server.advanceClock(Duration.ofSeconds(60));
      server.execute(
          task.id(),
          new Command.Heartbeat(new Reporter(new RunRef(1, task.run().token()), "claim", "w")));
    }
    assertThat(server.task(task.id()).message()).contains("408").contains("PT30M");
  }

  @Test
  void taskEndsAfterLastLostLease() {
    Task task = claimed(false);
    for (int attempt = 1; attempt <= 3; attempt++) {
      run(100);
      Task now = server.task(task.id());
      if (attempt < 3) {
        server.execute(
            task.id(),
            Command.Claim.byWorker(new Reporter(now.run().ref(), "claim " + attempt, "w"), null));
      }
    }
    assertThat(server.task(task.id()).state()).isEqualTo(TaskState.ERROR);
    assertThat(server.task(task.id()).message()).contains("worker lost");
  }

  private Task claimed(boolean provisional) {
    Task task = server.create(server.document("watched"), "ASR");
    server.execute(
        task.id(),
        new Command.Claim(
            new Reporter(new RunRef(1, task.run().token()), "claim", "w"),
            null,
            provisional,
            null));
    return task;
  }

  /** Runs the sweep immediately, and then every five seconds for this number of seconds. */
  private void run(int seconds) {
    for (int passed = 0; passed <= seconds; passed += 5) {
      sweep.run();
      nanos += INTERVAL.toNanos();
    }
    nanos -= INTERVAL.toNanos();
  }
}
