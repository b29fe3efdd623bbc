package dev.docket.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.TaskScenario;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** A cached task may be the base of a change, and never of anything else. */
class TaskServiceCacheTest {

  private final TaskServiceFixture fixture = new TaskServiceFixture();

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  @Test
  void changesCachedTaskWithoutRead() {
    Task task = fixture.givenCreated();

    join(
        fixture.execute(
            task.id(),
            Command.Claim.byWorker(
                new Reporter(new RunRef(1, task.run().token()), "c1", "w"), null)));

    assertThat(fixture.store.reads).isZero();
  }

  @Test
  void staleCacheOnlyCostsConflict() {
    Task task = fixture.givenCreated();
    TaskServiceFixture other = new TaskServiceFixture(fixture.store, "2");
    join(other.execute(task.id(), new Command.AddDependent(new TaskId("x"))));

    join(
        fixture.execute(
            task.id(),
            Command.Claim.byWorker(
                new Reporter(new RunRef(1, task.run().token()), "c1", "w"), null)));

    assertThat(fixture.store.task(task.id()).dependents()).hasSize(1);
    assertThat(fixture.store.task(task.id()).state()).isEqualTo(TaskState.PROCESSING);
  }

  @Test
  void readsBeforeRefusal() {
    Task task = fixture.givenCreated();
    TaskServiceFixture other = new TaskServiceFixture(fixture.store, "2");
    String run = join(other.execute(task.id(), new Command.Reset("ann"))).task().run().token();
    join(
        other.execute(
            task.id(), Command.Claim.byWorker(new Reporter(new RunRef(2, run), "c1", "w"), null)));

    Decision decision =
        join(
            fixture.execute(
                task.id(), new Command.Heartbeat(new Reporter(new RunRef(2, run), "c1", "w"))));

    assertThat(decision).isInstanceOf(Decision.Changed.class);
  }

  @Test
  void readsBeforeUnchanged() {
    Task task = fixture.givenCreated();
    TaskServiceFixture other = new TaskServiceFixture(fixture.store, "2");
    join(other.execute(task.id(), new Command.Cancel("ann")));

    Decision decision = join(fixture.execute(task.id(), new Command.Retry("ann")));

    assertThat(decision).isInstanceOf(Decision.Changed.class);
  }

  @Test
  void confirmationIsObsoleteOnceRunIsClaimedOrClosed() {
    Task task = fixture.givenCreated();
    assertThat(fixture.tasks.isConfirmationObsolete(task)).isFalse();

    fixture.now = TaskScenario.START.plus(Duration.ofSeconds(1));
    join(
        fixture.execute(
            task.id(),
            Command.Claim.byWorker(
                new Reporter(new RunRef(1, task.run().token()), "c1", "w"), null)));
    assertThat(fixture.tasks.isConfirmationObsolete(task)).isTrue();

    join(fixture.execute(task.id(), new Command.Reset("ann")));
    assertThat(fixture.tasks.isConfirmationObsolete(task)).isTrue();
    assertThat(fixture.tasks.isConfirmationObsolete(fixture.store.task(task.id()))).isFalse();
  }

  @Test
  void confirmationOfUnknownTaskIsNotObsolete() {
    assertThat(fixture.tasks.isConfirmationObsolete(TaskScenario.created().task)).isFalse();
  }
}
