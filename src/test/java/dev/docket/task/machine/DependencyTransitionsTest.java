package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Dependency;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Transitions caused by the ends of other tasks. */
class DependencyTransitionsTest {

  private static final Instant TOMORROW = TaskScenario.START.plus(Duration.ofDays(1));

  private static TaskScenario waiting(Effect.NeededTask... needed) {
    return TaskScenario.waiting(OnDependencyFailure.FAIL, needed);
  }

  private static TaskScenario failedDependency() {
    TaskScenario scenario = waiting(TaskScenario.TASK_A);
    scenario.assertChanged(TaskScenario.dependencyFailed(TaskScenario.TASK_A, 1));
    return scenario;
  }

  @Test
  void dispatchesTaskWhenAllDependenciesSucceeded() {
    TaskScenario scenario = waiting(TaskScenario.TASK_A, TaskScenario.TASK_B);
    assertThat(scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_A, 1)).state())
        .isEqualTo(TaskState.UNFINISHED_DEPENDENCY);

    Task task = scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_B, 3));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(scenario.lastTransition().by()).isEqualTo("dependency_done B");
    assertThat(scenario.effects(Effect.Publish.class)).containsExactly(new Effect.Publish(1));
    assertThat(task.dependsOn())
        .containsExactly(
            new Dependency(
                TaskScenario.TASK_A.id(), TaskScenario.TASK_A.key(), TaskState.SUCCESS, 1),
            new Dependency(
                TaskScenario.TASK_B.id(), TaskScenario.TASK_B.key(), TaskState.SUCCESS, 3));
  }

  @Test
  void keepsDueTimeAfterWait() {
    TaskScenario scenario = TaskScenario.delayedUntil(TOMORROW, TaskScenario.TASK_A);

    Task task = scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_A, 1));

    assertThat(task.run().dueAt()).isEqualTo(TOMORROW);
    assertThat(scenario.pendingEffect(Effect.Publish.class).due()).isEqualTo(TOMORROW);
  }

  @Test
  void endsTaskInCycle() {
    TaskScenario scenario = waiting(TaskScenario.TASK_A, TaskScenario.TASK_B);

    Task task =
        scenario.assertChanged(new Command.InCycle(TaskScenario.TASK_A.id(), "x needs a needs x"));

    assertThat(task.state()).isEqualTo(TaskState.FAILED_DEPENDENCY);
    assertThat(task.message()).isEqualTo("dependency cycle: x needs a needs x");
    scenario.assertUnchanged(new Command.InCycle(TaskScenario.TASK_B.id(), "x needs b needs x"));
  }

  @Test
  void ignoresCycleThroughEndedDependency() {
    TaskScenario scenario = waiting(TaskScenario.TASK_A, TaskScenario.TASK_B);
    scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_A, 1));

    scenario.assertUnchanged(new Command.InCycle(TaskScenario.TASK_A.id(), "x needs a needs x"));
    scenario.assertUnchanged(new Command.InCycle(new TaskId("other"), "x needs other needs x"));
  }

  @Test
  void delaysWorkerThatNeedsSucceededDependencyAgain() {
    TaskScenario scenario =
        TaskScenario.created(TaskScenario.LATE_ACK).apply(TaskScenario::confirm);
    for (int seconds : new int[] {1, 60, 60}) {
      Task waiting =
          scenario.assertChanged(
              Command.Fail.of(
                  new Reporter(scenario.task.run().ref(), null, "w"),
                  TaskState.UNFINISHED_DEPENDENCY,
                  RunEnd.of(""),
                  List.of(TaskScenario.TASK_A)));
      assertThat(waiting.run().dueAt()).isEqualTo(scenario.context().now().plusSeconds(seconds));
      scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_A, 1));
      scenario.advance(Duration.ofSeconds(seconds));
      scenario.assertChanged(new Command.Publish());
      scenario.apply(TaskScenario::confirm);
    }
  }

  @Test
  void keepsPendingRegistration() {
    TaskScenario scenario = waiting(TaskScenario.TASK_A);

    scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_A, 1));

    assertThat(scenario.effects(Effect.Register.class)).hasSize(1);
  }

  @Test
  void failsWithDependency() {
    TaskScenario scenario = waiting(TaskScenario.TASK_A, TaskScenario.TASK_B);
    scenario.assertChanged(new Command.AddDependent(new TaskId("x")));

    Task task = scenario.assertChanged(TaskScenario.dependencyFailed(TaskScenario.TASK_A, 1));

    assertThat(task.state()).isEqualTo(TaskState.FAILED_DEPENDENCY);
    assertThat(task.message()).isEqualTo("dependency A ended with 500 ERROR");
    assertThat(scenario.effects(Effect.Wake.class)).hasSize(1);
    assertThat(scenario.effects(Effect.Register.class)).hasSize(1);
  }

  @Test
  void runsAgainWhenFailedDependencySucceeds() {
    TaskScenario scenario = failedDependency();
    String run = scenario.task.run().token();

    Task task = scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_A, 2));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.run().attempt()).isEqualTo(2);
    assertThat(task.run().token()).isNotEqualTo(run);
    assertThat(task.run().finishedAt()).isNull();
    assertThat(scenario.effects(Effect.Publish.class)).containsExactly(new Effect.Publish(2));
  }

  @Test
  void runsAgainNotBeforeDueTime() {
    TaskScenario scenario = TaskScenario.delayedUntil(TOMORROW, TaskScenario.TASK_A);
    scenario.assertChanged(TaskScenario.dependencyFailed(TaskScenario.TASK_A, 1));

    Task task = scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_A, 2));

    assertThat(task.run().dueAt()).isEqualTo(TOMORROW);
    assertThat(scenario.pendingEffect(Effect.Publish.class).due()).isEqualTo(TOMORROW);
  }

  @Test
  void runsAgainOnlyWhenAllDependenciesSucceeded() {
    TaskScenario scenario = waiting(TaskScenario.TASK_A, TaskScenario.TASK_B);
    scenario.assertChanged(TaskScenario.dependencyFailed(TaskScenario.TASK_A, 1));

    assertThat(scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_A, 2)).state())
        .isEqualTo(TaskState.FAILED_DEPENDENCY);
    assertThat(scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_B, 1)).state())
        .isEqualTo(TaskState.CREATED);
  }

  @Test
  void secondFailureOfDependencyDoesNotEndTaskAgain() {
    TaskScenario scenario = failedDependency();
    int transitions = scenario.task.history().size();

    Task task = scenario.assertChanged(TaskScenario.dependencyFailed(TaskScenario.TASK_A, 2));

    assertThat(task.history()).hasSize(transitions);
    assertThat(task.dependsOn().get(0).attempt()).isEqualTo(2);
  }

  @Test
  void acceptsOtherEndOfSameAttempt() {
    TaskScenario scenario = TaskScenario.waiting(OnDependencyFailure.WAIT, TaskScenario.TASK_A);
    scenario.assertChanged(TaskScenario.dependencyFailed(TaskScenario.TASK_A, 3));

    assertThat(scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_A, 3)).state())
        .isEqualTo(TaskState.CREATED);
  }

  @Test
  void ignoresEndOfOlderAttempt() {
    TaskScenario scenario = TaskScenario.waiting(OnDependencyFailure.WAIT, TaskScenario.TASK_A);
    scenario.assertChanged(TaskScenario.dependencyFailed(TaskScenario.TASK_A, 3));

    scenario.assertUnchanged(TaskScenario.dependencyDone(TaskScenario.TASK_A, 2));
  }

  @Test
  void acceptsSuccessOfRecreatedDependency() {
    TaskScenario scenario = TaskScenario.waiting(OnDependencyFailure.WAIT, TaskScenario.TASK_A);
    scenario.assertChanged(TaskScenario.dependencyFailed(TaskScenario.TASK_A, 3));
    scenario.assertChanged(
        TaskScenario.dependencyFailed(TaskScenario.TASK_A, Command.GONE_ATTEMPT));

    assertThat(scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_A, 1)).state())
        .isEqualTo(TaskState.CREATED);
  }

  @Test
  void ignoresLateFailureOfDeletedDependency() {
    TaskScenario scenario = waiting(TaskScenario.TASK_A, TaskScenario.TASK_B);
    scenario.assertChanged(
        TaskScenario.dependencyFailed(TaskScenario.TASK_A, Command.GONE_ATTEMPT));
    assertThat(scenario.task.state()).isEqualTo(TaskState.FAILED_DEPENDENCY);

    scenario.assertUnchanged(TaskScenario.dependencyFailed(TaskScenario.TASK_A, 1));
  }

  @Test
  void ignoresRepeatedEnd() {
    TaskScenario scenario = waiting(TaskScenario.TASK_A, TaskScenario.TASK_B);
    scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_A, 1));
    scenario.assertUnchanged(TaskScenario.dependencyDone(TaskScenario.TASK_A, 1));

    TaskScenario failed = failedDependency();
    failed.assertUnchanged(TaskScenario.dependencyFailed(TaskScenario.TASK_A, 1));
  }

  @Test
  void ignoresEndOfOtherTask() {
    waiting(TaskScenario.TASK_A)
        .assertUnchanged(TaskScenario.dependencyDone(TaskScenario.TASK_B, 1));
    waiting(TaskScenario.TASK_A)
        .assertUnchanged(TaskScenario.dependencyFailed(TaskScenario.TASK_B, 1));
  }

  @Test
  void ignoresEndIfNotWaiting() {
    TaskScenario scenario = waiting(TaskScenario.TASK_A);
    scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_A, 1));

    scenario.assertUnchanged(TaskScenario.dependencyFailed(TaskScenario.TASK_A, 2));
    scenario
        .apply(s -> s.claim("c1"))
        .assertUnchanged(TaskScenario.dependencyFailed(TaskScenario.TASK_A, 2));
    scenario
        .apply(s -> s.complete(0))
        .assertUnchanged(TaskScenario.dependencyFailed(TaskScenario.TASK_A, 2));
  }

  @Test
  void cancelledTaskStaysCancelled() {
    TaskScenario scenario = waiting(TaskScenario.TASK_A);
    scenario.assertChanged(new Command.Cancel("ann"));

    scenario.assertUnchanged(TaskScenario.dependencyDone(TaskScenario.TASK_A, 1));
  }

  @Test
  void runsDespiteFailureWithRuleRun() {
    TaskScenario scenario =
        TaskScenario.waiting(OnDependencyFailure.RUN, TaskScenario.TASK_A, TaskScenario.TASK_B);
    scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_B, 1));

    Task task = scenario.assertChanged(TaskScenario.dependencyFailed(TaskScenario.TASK_A, 1));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(scenario.lastTransition().by()).isEqualTo("dependency_failed A");
    assertThat(scenario.effects(Effect.Publish.class)).hasSize(1);
  }

  @Test
  void keepsWaitingAfterFailureWithRuleWait() {
    TaskScenario scenario = TaskScenario.waiting(OnDependencyFailure.WAIT, TaskScenario.TASK_A);

    assertThat(
            scenario.assertChanged(TaskScenario.dependencyFailed(TaskScenario.TASK_A, 1)).state())
        .isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    assertThat(scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_A, 2)).state())
        .isEqualTo(TaskState.CREATED);
  }

  @Test
  void waitsForTaskNamedByWorker() {
    TaskScenario scenario = TaskScenario.running();

    Task task =
        scenario.assertChanged(scenario.fail(TaskState.UNFINISHED_DEPENDENCY, TaskScenario.TASK_A));

    assertThat(task.state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    assertThat(task.run().attempt()).isEqualTo(2);
    assertThat(task.run().failures()).isZero();
    assertThat(task.run().lease()).isNull();
    assertThat(task.waitAny()).isFalse();
    assertThat(task.outbox())
        .extracting(PendingEffect::effect)
        .containsExactly(new Effect.Register(List.of(TaskScenario.TASK_A)));
    assertThat(scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_A, 1)).state())
        .isEqualTo(TaskState.CREATED);
  }

  @Test
  void forgetsUnmetDependencyAfterForceRetry() {
    TaskScenario scenario = waiting(TaskScenario.TASK_A);
    scenario.assertChanged(new Command.ForceRetry("ann"));
    scenario.apply(s -> s.claim("c1"));
    scenario.assertChanged(scenario.fail(TaskState.UNFINISHED_DEPENDENCY, TaskScenario.TASK_B));

    assertThat(scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_B, 1)).state())
        .isEqualTo(TaskState.CREATED);
  }

  @Test
  void doesNotRegisterWithForgottenDependency() {
    TaskScenario scenario = waiting(TaskScenario.TASK_A);
    scenario.assertChanged(new Command.ForceRetry("ann"));
    scenario.apply(s -> s.claim("c1"));

    scenario.assertChanged(scenario.fail(TaskState.UNFINISHED_DEPENDENCY, TaskScenario.TASK_B));

    assertThat(scenario.effects(Effect.Register.class))
        .containsExactly(new Effect.Register(List.of(TaskScenario.TASK_B)));
  }

  @Test
  void keepsSucceededDependencyWhenWorkerNeedsAnother() {
    TaskScenario scenario = waiting(TaskScenario.TASK_A);
    scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_A, 1));
    scenario.apply(s -> s.claim("c1"));

    scenario.assertChanged(scenario.fail(TaskState.UNFINISHED_DEPENDENCY, TaskScenario.TASK_B));

    assertThat(scenario.task.dependsOn())
        .extracting(Dependency::id)
        .containsExactly(TaskScenario.TASK_A.id(), TaskScenario.TASK_B.id());
    assertThat(scenario.task.run().dueAt()).isEqualTo(scenario.now.plusSeconds(1));
  }

  @Test
  void delaysNextRunWhenNeededTaskHasSucceeded() {
    TaskScenario scenario = TaskScenario.running();
    scenario.assertChanged(scenario.fail(TaskState.UNFINISHED_DEPENDENCY, TaskScenario.TASK_A));

    Task task =
        scenario.assertChanged(
            new Command.DependencyDone(TaskScenario.TASK_A.id(), TaskScenario.TASK_A.key(), 1));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.run().dueAt()).isEqualTo(scenario.now.plusSeconds(1));
  }
}
