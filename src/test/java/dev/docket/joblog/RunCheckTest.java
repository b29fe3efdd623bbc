package dev.docket.joblog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.concurrent.Stages;
import dev.docket.simulation.InMemoryServer;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskNotFound;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Reporter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RunCheckTest {

  private final InMemoryServer server = new InMemoryServer(new InMemoryServer.SharedBackends());
  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicLong nanos = new AtomicLong();
  private final RunCheck check = new RunCheck(this::read, nanos::get);
  private final Task task = server.create(server.document("film"), "ASR");

  private CompletionStage<Task> read(TaskId id) {
    reads.incrementAndGet();
    return id.equals(task.id())
        ? CompletableFuture.completedStage(server.task(id))
        : CompletableFuture.failedStage(new TaskNotFound(id));
  }

  private LogId claimed() {
    LogId log = LogId.of(task);
    server.execute(task.id(), Command.Claim.byWorker(new Reporter(log.run(), "claim", "w"), null));
    return log;
  }

  @Test
  void acceptsHolderOfTheLeaseAndReportsWithoutClaim() {
    LogId log = claimed();
    assertThat(Stages.join(check.check(log, "claim"))).isTrue();
    assertThat(Stages.join(check.check(log, null))).isTrue();
    assertThatThrownBy(() -> Stages.join(check.check(log, "other")))
        .isInstanceOf(NotCurrentRun.class);
  }

  @Test
  void rejectsOtherRunsAndTasks() {
    assertThatThrownBy(
            () -> Stages.join(check.check(new LogId(task.id(), new RunRef(1, "other")), null)))
        .isInstanceOf(NotCurrentRun.class)
        .hasMessage("attempt 1 under this claim is not the current run of the task (attempt 1)");
    assertThatThrownBy(() -> Stages.join(check.check(LogSamples.log("gone", 1), null)))
        .isInstanceOf(TaskNotFound.class);
  }

  @Test
  void acceptsRunForOneMinuteAfterItWasTheCurrentOne() {
    LogId log = claimed();
    Stages.join(check.check(log, "claim"));
    server.execute(task.id(), new Command.ForceRetry("ann"));

    nanos.addAndGet(RunCheck.VALID_FOR.toNanos() - 1);
    assertThat(Stages.join(check.check(log, "claim"))).isTrue();
    nanos.addAndGet(1);
    assertThatThrownBy(() -> Stages.join(check.check(log, "claim")))
        .isInstanceOf(NotCurrentRun.class);
  }

  @Test
  void remembersAcceptanceButNoRejection() {
    LogId log = LogId.of(task);
    assertThat(Stages.join(check.check(log, "claim"))).isTrue();
    assertThat(Stages.join(check.check(log, "claim"))).isTrue();
    assertThat(reads).hasValue(1);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> Stages.join(check.check(LogSamples.log("gone", 1), null)))
          .isInstanceOf(TaskNotFound.class);
    }
    assertThat(reads).hasValue(3);
  }
}
