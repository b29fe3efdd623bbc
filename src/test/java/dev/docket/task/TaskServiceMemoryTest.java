package dev.docket.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.TaskScenario;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What the desk remembers may feed a move, and never anything else. */
class TaskServiceMemoryTest {

  private final TaskServiceFixture fixture = new TaskServiceFixture();

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  @Test
  void moveMayRestOnWhatThisServerRemembers() {
    Task task = fixture.created();

    join(fixture.execute(task.id(), new Command.Claim(1, task.run(), "c1", "w", false)));

    assertThat(fixture.store.reads).isZero();
  }

  @Test
  void rememberedTaskThatOthersHaveMovedCostsAConflictOnly() {
    Task task = fixture.created();
    TaskServiceFixture other = new TaskServiceFixture(fixture.store, "2");
    join(other.execute(task.id(), new Command.AddDependent(new TaskId("x"))));

    join(fixture.execute(task.id(), new Command.Claim(1, task.run(), "c1", "w", false)));

    assertThat(fixture.store.task(task.id()).dependents()).hasSize(1);
    assertThat(fixture.store.task(task.id()).state()).isEqualTo(TaskState.PROCESSING);
  }

  @Test
  void refusalNeverRestsOnWhatThisServerRemembers() {
    Task task = fixture.created();
    TaskServiceFixture other = new TaskServiceFixture(fixture.store, "2");
    String run = join(other.execute(task.id(), new Command.Reset("ann"))).task().run();
    join(other.execute(task.id(), new Command.Claim(2, run, "c1", "w", false)));

    Decision decision = join(fixture.execute(task.id(), new Command.Heartbeat(2, run, "c1", "w")));

    assertThat(decision).isInstanceOf(Decision.Moved.class);
  }

  @Test
  void doingNothingNeverRestsOnWhatThisServerRemembers() {
    Task task = fixture.created();
    TaskServiceFixture other = new TaskServiceFixture(fixture.store, "2");
    join(other.execute(task.id(), new Command.Cancel("ann")));

    Decision decision = join(fixture.execute(task.id(), new Command.Retry("ann")));

    assertThat(decision).isInstanceOf(Decision.Moved.class);
  }

  @Test
  void confirmationIsMootOnceTheRunIsClaimedOrOver() {
    Task task = fixture.created();
    assertThat(fixture.tasks.confirmationIsMoot(task)).isFalse();

    fixture.now = TaskScenario.START.plus(Duration.ofSeconds(1));
    join(fixture.execute(task.id(), new Command.Claim(1, task.run(), "c1", "w", false)));
    assertThat(fixture.tasks.confirmationIsMoot(task)).isTrue();

    join(fixture.execute(task.id(), new Command.Reset("ann")));
    assertThat(fixture.tasks.confirmationIsMoot(task)).isTrue();
    assertThat(fixture.tasks.confirmationIsMoot(fixture.store.task(task.id()))).isFalse();
  }

  @Test
  void confirmationIsNotMootForAllThisServerKnows() {
    assertThat(fixture.tasks.confirmationIsMoot(TaskScenario.created().task)).isFalse();
  }
}
