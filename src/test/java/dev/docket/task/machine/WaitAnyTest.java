package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.OnDependencyFailure;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Workers that need unnamed tasks of their document: any success wakes the task. */
class WaitAnyTest {

  private static final Duration A_MINUTE = Duration.ofMinutes(1);

  private static TaskScenario waitingForAny() {
    return TaskScenario.running().apply(s -> s.fail(TaskState.UNFINISHED_DEPENDENCY));
  }

  @Test
  void waitsForAnyTaskWithBackoffOfOneMinute() {
    TaskScenario scenario = waitingForAny();

    assertThat(scenario.task.state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    assertThat(scenario.task.waitAny()).isTrue();
    assertThat(scenario.task.run().attempt()).isEqualTo(2);
    assertThat(scenario.task.run().failures()).isZero();
    assertThat(scenario.task.run().dueAt()).isEqualTo(TaskScenario.START.plus(A_MINUTE));
    assertThat(scenario.effects(Effect.Register.class))
        .containsExactly(new Effect.Register(List.of()));
    assertThat(scenario.pendingEffect(Effect.Publish.class).due())
        .isEqualTo(scenario.task.run().dueAt());
  }

  @Test
  void backoffDoublesUntilTaskIsWoken() {
    TaskScenario scenario = TaskScenario.running();
    for (int minutes : new int[] {1, 2, 4, 8, 16, 32, 64, 64}) {
      scenario.assertChanged(scenario.fail(TaskState.UNFINISHED_DEPENDENCY));
      assertThat(scenario.task.run().dueAt())
          .isEqualTo(scenario.now.plus(A_MINUTE.multipliedBy(minutes)));
      scenario.advance(A_MINUTE.multipliedBy(minutes));
      scenario.assertChanged(new Command.Publish());
      scenario.apply(TaskScenario::confirm).apply(s -> s.claim("c1"));
    }
    scenario.assertChanged(scenario.fail(TaskState.UNFINISHED_DEPENDENCY));
    scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_B, 7));
    scenario.apply(s -> s.claim("c1"));

    scenario.assertChanged(scenario.fail(TaskState.UNFINISHED_DEPENDENCY));

    assertThat(scenario.task.run().dueAt()).isEqualTo(scenario.now.plus(A_MINUTE));
  }

  @Test
  void anySuccessWakesTaskImmediately() {
    TaskScenario scenario = waitingForAny().advance(Duration.ofSeconds(1));

    Task task = scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_B, 7));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.waitAny()).isFalse();
    assertThat(task.run().dueAt()).isNull();
    assertThat(task.run().dispatchedAt()).isEqualTo(scenario.now);
    assertThat(scenario.effects(Effect.Register.class)).isEmpty();
    assertThat(scenario.pendingEffect(Effect.Publish.class).due())
        .isEqualTo(scenario.now.plusSeconds(30));
  }

  @Test
  void ignoresFailures() {
    waitingForAny().assertUnchanged(TaskScenario.dependencyFailed(TaskScenario.TASK_B, 1));
  }

  @Test
  void endOfBackoffEndsWait() {
    TaskScenario scenario = waitingForAny();
    scenario.assertUnchanged(new Command.Publish());
    scenario.advance(A_MINUTE);
    RunRef run = scenario.task.run().ref();

    Task task = scenario.assertChanged(new Command.Publish());

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.isCurrentRun(run)).isTrue();
    assertThat(task.waitAny()).isFalse();
    assertThat(task.run().dueAt()).isNull();
    assertThat(task.outbox())
        .extracting(PendingEffect::effect)
        .containsExactly(new Effect.Publish(2));
  }

  @Test
  void wakingTaskIsNotKeptAsDependency() {
    TaskScenario scenario = waitingForAny();
    scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_B, 1));
    scenario.apply(s -> s.claim("c1"));
    scenario.assertChanged(scenario.fail(TaskState.UNFINISHED_DEPENDENCY, TaskScenario.TASK_A));

    scenario.assertUnchanged(TaskScenario.dependencyFailed(TaskScenario.TASK_B, 2));
    assertThat(scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_A, 1)).state())
        .isEqualTo(TaskState.CREATED);
  }

  @Test
  void resetEndsWait() {
    TaskScenario scenario = waitingForAny();

    Task task = scenario.assertChanged(new Command.Reset("ann"));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.waitAny()).isFalse();
    assertThat(task.outbox())
        .extracting(PendingEffect::effect)
        .containsExactly(new Effect.Publish(3));
  }

  @Test
  void laterWaitForNamedTasksNeedsAllOfThem() {
    TaskScenario scenario = waitingForAny();
    scenario.assertChanged(new Command.Reset("ann"));
    scenario.apply(s -> s.claim("c1"));
    scenario.assertChanged(
        scenario.fail(TaskState.UNFINISHED_DEPENDENCY, TaskScenario.TASK_A, TaskScenario.TASK_B));

    assertThat(scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_A, 1)).state())
        .isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
  }

  @Test
  void cancelEndsWait() {
    TaskScenario scenario = waitingForAny();

    Task task = scenario.assertChanged(new Command.Cancel("ann"));

    assertThat(task.state()).isEqualTo(TaskState.CANCELLED);
    assertThat(task.waitAny()).isFalse();
    assertThat(task.outbox()).isEmpty();
  }

  @Test
  void keepsPendingRegistration() {
    Effect.NeededTask needed =
        new Effect.NeededTask(TaskScenario.TASK_A.id(), TaskScenario.TASK_A.key(), Map.of("x", 1));
    TaskScenario scenario = TaskScenario.waiting(OnDependencyFailure.FAIL, needed);
    scenario.assertChanged(new Command.ForceRetry("ann"));
    scenario.apply(s -> s.claim("c1"));

    scenario.assertChanged(scenario.fail(TaskState.UNFINISHED_DEPENDENCY));

    assertThat(scenario.effects(Effect.Register.class))
        .containsExactly(new Effect.Register(List.of(needed)), new Effect.Register(List.of()));
  }

  @Test
  void knownSuccessDoesNotWakeTaskAgain() {
    TaskScenario scenario = TaskScenario.waiting(OnDependencyFailure.FAIL, TaskScenario.TASK_A);
    scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_A, 1));
    scenario.apply(s -> s.claim("c1"));
    scenario.assertChanged(scenario.fail(TaskState.UNFINISHED_DEPENDENCY));

    scenario.assertUnchanged(TaskScenario.dependencyDone(TaskScenario.TASK_A, 1));
    assertThat(scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_A, 2)).state())
        .isEqualTo(TaskState.CREATED);
  }
}
