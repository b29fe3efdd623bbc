package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Lease;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Who waits for a task, and when they are told how it ended. */
class DependentsTest {

  @Test
  void newsThatItFailedAreNotToldAfterItHasComeBack() {
    TaskScenario scenario = TaskScenario.waiting(OnDependencyFailure.FAIL, TaskScenario.A);
    scenario.moved(new Command.AddDependent(new TaskId("x")));
    scenario.moved(TaskScenario.failed(TaskScenario.A, 1));

    scenario.moved(TaskScenario.done(TaskScenario.A, 2));

    assertThat(scenario.outbox(Effect.Wake.class)).isEmpty();
  }

  @Test
  void dependentIsListedOnce() {
    TaskScenario scenario = TaskScenario.queued();
    scenario.moved(new Command.AddDependent(new TaskId("x")));

    scenario.unchanged(new Command.AddDependent(new TaskId("x")));

    assertThat(scenario.task.dependents()).containsExactly(new TaskId("x"));
  }

  @Test
  void taskThatHasEndedTakesDependentsAndShowsItsEnd() {
    TaskScenario scenario = TaskScenario.done(0);

    Decision decision = scenario.execute(new Command.AddDependent(new TaskId("x")));

    assertThat(decision.task().state()).isEqualTo(TaskState.SUCCESS);
    assertThat(decision.task().dependents()).containsExactly(new TaskId("x"));
    assertThat(decision.task().outbox()).isEmpty();
  }

  @Test
  void ofMoreThanTwoHundredDependentsItOnlyKnowsThatThereAreMore() {
    TaskScenario scenario = TaskScenario.queued();
    for (int i = 0; i < 200; i++) {
      scenario.moved(new Command.AddDependent(new TaskId("x" + i)));
    }
    assertThat(scenario.task.dependents()).hasSize(200);

    scenario.moved(new Command.AddDependent(new TaskId("one-more")));

    assertThat(scenario.task.dependents()).isEmpty();
    assertThat(scenario.task.moreDependents()).isTrue();
    scenario.unchanged(new Command.AddDependent(new TaskId("another")));
    scenario.having(s -> s.claim("c1")).having(s -> s.complete(0));
    assertThat(scenario.outbox(Effect.Wake.class)).hasSize(1);
  }

  @Test
  void aDependentIsNoSignOfLife() {
    TaskScenario scenario = TaskScenario.running().after(Duration.ofSeconds(9));
    Lease lease = scenario.task.lease();

    assertThat(scenario.moved(new Command.AddDependent(new TaskId("x"))).lease()).isEqualTo(lease);
  }

  @Test
  void newRunTellsNobodyHowTheOldOneEnded() {
    TaskScenario scenario = TaskScenario.running();
    scenario.moved(new Command.AddDependent(new TaskId("x")));
    scenario.moved(scenario.fail(TaskState.ERROR));
    assertThat(scenario.outbox(Effect.Wake.class)).hasSize(1);

    scenario.moved(new Command.Retry("ann"));
    assertThat(scenario.outbox(Effect.Wake.class)).isEmpty();

    scenario.having(s -> s.claim("c1")).having(s -> s.complete(0));
    assertThat(scenario.outbox(Effect.Wake.class)).hasSize(1);
  }
}
