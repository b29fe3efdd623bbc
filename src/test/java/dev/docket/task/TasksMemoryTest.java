package dev.docket.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.Scene;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What the desk remembers may feed a move, and never anything else. */
class TasksMemoryTest {

  private final Desk desk = new Desk();

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  @Test
  void moveMayRestOnWhatThisServerRemembers() {
    Task task = desk.created();

    join(desk.tell(task.id(), new Command.Claim(1, task.run(), "c1", "w", false)));

    assertThat(desk.store.reads).isZero();
  }

  @Test
  void rememberedTaskThatOthersHaveMovedCostsAConflictOnly() {
    Task task = desk.created();
    Desk other = new Desk(desk.store, "2");
    join(other.tell(task.id(), new Command.AddDependent(new TaskId("x"))));

    join(desk.tell(task.id(), new Command.Claim(1, task.run(), "c1", "w", false)));

    assertThat(desk.store.task(task.id()).dependents()).hasSize(1);
    assertThat(desk.store.task(task.id()).state()).isEqualTo(TaskState.PROCESSING);
  }

  @Test
  void refusalNeverRestsOnWhatThisServerRemembers() {
    Task task = desk.created();
    Desk other = new Desk(desk.store, "2");
    String run = join(other.tell(task.id(), new Command.Reset("ann"))).task().run();
    join(other.tell(task.id(), new Command.Claim(2, run, "c1", "w", false)));

    Decision decision = join(desk.tell(task.id(), new Command.Heartbeat(2, run, "c1", "w")));

    assertThat(decision).isInstanceOf(Decision.Moved.class);
  }

  @Test
  void doingNothingNeverRestsOnWhatThisServerRemembers() {
    Task task = desk.created();
    Desk other = new Desk(desk.store, "2");
    join(other.tell(task.id(), new Command.Cancel("ann")));

    Decision decision = join(desk.tell(task.id(), new Command.Retry("ann")));

    assertThat(decision).isInstanceOf(Decision.Moved.class);
  }

  @Test
  void confirmationIsMootOnceTheRunIsClaimedOrOver() {
    Task task = desk.created();
    assertThat(desk.tasks.confirmationIsMoot(task)).isFalse();

    desk.now = Scene.START.plus(Duration.ofSeconds(1));
    join(desk.tell(task.id(), new Command.Claim(1, task.run(), "c1", "w", false)));
    assertThat(desk.tasks.confirmationIsMoot(task)).isTrue();

    join(desk.tell(task.id(), new Command.Reset("ann")));
    assertThat(desk.tasks.confirmationIsMoot(task)).isTrue();
    assertThat(desk.tasks.confirmationIsMoot(desk.store.task(task.id()))).isFalse();
  }

  @Test
  void confirmationIsNotMootForAllThisServerKnows() {
    assertThat(desk.tasks.confirmationIsMoot(Scene.created().task)).isFalse();
  }
}
