package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Lease;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tasks that wait for a task, and when they are notified of its end. */
class DependentsTest {

  @Test
  void dropsFailureNotificationWhenTaskRunsAgain() {
    TaskScenario scenario = TaskScenario.waiting(OnDependencyFailure.FAIL, TaskScenario.TASK_A);
    scenario.assertChanged(new Command.AddDependent(new TaskId("x")));
    scenario.assertChanged(TaskScenario.dependencyFailed(TaskScenario.TASK_A, 1));

    scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_A, 2));

    assertThat(scenario.effects(Effect.Wake.class)).isEmpty();
  }

  @Test
  void listsDependentOnce() {
    TaskScenario scenario = TaskScenario.queued();
    scenario.assertChanged(new Command.AddDependent(new TaskId("x")));

    scenario.assertUnchanged(new Command.AddDependent(new TaskId("x")));

    assertThat(scenario.task.dependents()).containsExactly(new TaskId("x"));
  }

  @Test
  void endedTaskAcceptsDependents() {
    TaskScenario scenario = TaskScenario.succeeded(0);

    Decision decision = scenario.execute(new Command.AddDependent(new TaskId("x")));

    assertThat(decision.task().state()).isEqualTo(TaskState.SUCCESS);
    assertThat(decision.task().dependents()).containsExactly(new TaskId("x"));
    assertThat(decision.task().outbox()).isEmpty();
  }

  @Test
  void replacesLongListOfDependentsByFlag() {
    TaskScenario scenario = TaskScenario.queued();
    for (int i = 0; i < 200; i++) {
      scenario.assertChanged(new Command.AddDependent(new TaskId("x" + i)));
    }
    assertThat(scenario.task.dependents()).hasSize(200);

    scenario.assertChanged(new Command.AddDependent(new TaskId("one-more")));

    assertThat(scenario.task.dependents()).isEmpty();
    assertThat(scenario.task.moreDependents()).isTrue();
    scenario.assertUnchanged(new Command.AddDependent(new TaskId("another")));
    scenario.apply(s -> s.claim("c1")).apply(s -> s.complete(0));
    assertThat(scenario.effects(Effect.Wake.class)).hasSize(1);
  }

  @Test
  void addingDependentDoesNotExtendLease() {
    TaskScenario scenario = TaskScenario.running().advance(Duration.ofSeconds(9));
    Lease lease = scenario.task.run().lease();

    assertThat(scenario.assertChanged(new Command.AddDependent(new TaskId("x"))).run().lease())
        .isEqualTo(lease);
  }

  @Test
  void newRunDropsNotificationOfOldEnd() {
    TaskScenario scenario = TaskScenario.running();
    scenario.assertChanged(new Command.AddDependent(new TaskId("x")));
    scenario.assertChanged(scenario.fail(TaskState.ERROR));
    assertThat(scenario.effects(Effect.Wake.class)).hasSize(1);

    scenario.assertChanged(new Command.Retry("ann"));
    assertThat(scenario.effects(Effect.Wake.class)).isEmpty();

    scenario.apply(s -> s.claim("c1")).apply(s -> s.complete(0));
    assertThat(scenario.effects(Effect.Wake.class)).hasSize(1);
  }
}
