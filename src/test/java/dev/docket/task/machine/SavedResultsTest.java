package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.OnDependencyFailure;
import dev.docket.task.RunResults;
import dev.docket.task.TaskState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Results that a worker saves before its run ends. */
final class SavedResultsTest {

  private static final Command SAVE = new Command.SaveResult();

  /** A queued task whose worker saves results during the run and holds no lease. */
  private static TaskScenario queuedWithoutClaims() {
    return TaskScenario.created(TaskScenario.LATE_ACK).apply(TaskScenario::confirm);
  }

  @Test
  void countsSavedResultsWithoutShowingThem() {
    TaskScenario scenario = queuedWithoutClaims();

    scenario.assertChanged(SAVE);
    scenario.assertChanged(SAVE);

    assertThat(scenario.task.saved()).isEqualTo(2);
    assertThat(scenario.task.results()).isNull();
    assertThat(scenario.task.state()).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void savedResultsBecomeVisibleOnSuccess() {
    TaskScenario scenario = queuedWithoutClaims();
    scenario.assertChanged(SAVE);
    scenario.assertChanged(SAVE);

    scenario.apply(s -> s.complete(0));

    assertThat(scenario.task.results()).isEqualTo(new RunResults(1, scenario.task.run(), 2));
    assertThat(scenario.task.saved()).isZero();
    assertThat(scenario.effects(Effect.StoreResults.class)).isEmpty();
    assertThat(scenario.effects(Effect.DeleteResults.class)).isEmpty();
  }

  @Test
  void numbersSavedResultsBeforeSubmittedOnes() {
    TaskScenario scenario = queuedWithoutClaims();
    scenario.assertChanged(SAVE);

    scenario.apply(s -> s.complete(2));

    Effect.StoreResults store = scenario.effects(Effect.StoreResults.class).get(0);
    assertThat(store.run()).isEqualTo(new RunResults(1, scenario.task.run(), 3));
    assertThat(store.firstOrdinal()).isEqualTo(1);
  }

  @Test
  void replacesResultsOfEarlierSuccess() {
    TaskScenario scenario = queuedWithoutClaims();
    scenario.assertChanged(SAVE);
    scenario.apply(s -> s.complete(0));
    RunResults first = scenario.task.results();
    scenario.assertChanged(new Command.ForceRetry("ann"));
    scenario.assertChanged(SAVE);
    assertThat(scenario.task.results()).isEqualTo(first);

    scenario.apply(s -> s.complete(0));

    RunResults second = new RunResults(2, scenario.task.run(), 1);
    assertThat(scenario.task.results()).isEqualTo(second);
    assertThat(scenario.effects(Effect.StoreResults.class))
        .containsExactly(new Effect.StoreResults(second, List.of(), first));
  }

  @Test
  void deletesSavedResultsOnFailure() {
    TaskScenario scenario = queuedWithoutClaims();
    scenario.assertChanged(SAVE);
    RunResults saved = scenario.task.savedResults();

    scenario.apply(s -> s.fail(TaskState.ERROR));

    assertThat(scenario.task.saved()).isZero();
    assertThat(scenario.effects(Effect.DeleteResults.class))
        .containsExactly(new Effect.DeleteResults(List.of(saved)));
  }

  @Test
  void deletesSavedResultsOnRetryAndWait() {
    for (TaskState end : List.of(TaskState.ERROR_PROXY, TaskState.UNFINISHED_DEPENDENCY)) {
      TaskScenario scenario = queuedWithoutClaims();
      scenario.assertChanged(SAVE);
      RunResults saved = scenario.task.savedResults();

      scenario.apply(s -> s.fail(end));

      assertThat(scenario.task.attempt()).isEqualTo(2);
      assertThat(scenario.task.saved()).isZero();
      assertThat(scenario.effects(Effect.DeleteResults.class))
          .containsExactly(new Effect.DeleteResults(List.of(saved)));
    }
  }

  @Test
  void deletesSavedResultsWithTask() {
    TaskScenario scenario = queuedWithoutClaims();
    scenario.assertChanged(SAVE);
    RunResults saved = scenario.task.savedResults();

    scenario.assertChanged(new Command.Delete("ann"));

    assertThat(scenario.effects(Effect.DeleteResults.class))
        .containsExactly(new Effect.DeleteResults(List.of(saved)));
  }

  @Test
  void refusesSavingOnceTaskEndedOrWaits() {
    TaskScenario ended = queuedWithoutClaims().apply(s -> s.complete(0));
    assertThat(ended.execute(SAVE).refused()).isTrue();
    TaskScenario waits = TaskScenario.waiting(OnDependencyFailure.FAIL, TaskScenario.TASK_A);
    assertThat(waits.execute(SAVE).refused()).isTrue();
  }

  @Test
  void refusesSavingFromWorkersThatClaim() {
    assertThat(TaskScenario.running().execute(SAVE).refused()).isTrue();
  }

  @Test
  void limitsSavedResults() {
    TaskScenario scenario = queuedWithoutClaims();
    for (int i = 0; i < TaskMachine.MAX_SAVED; i++) {
      scenario.assertChanged(SAVE);
    }

    assertThat(scenario.execute(SAVE).refused()).isTrue();
    assertThat(scenario.task.saved()).isEqualTo(100);
  }
}
