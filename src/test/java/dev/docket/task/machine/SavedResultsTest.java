package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.OnDependencyFailure;
import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import dev.docket.task.TaskState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Results that a worker saves before its run ends. */
final class SavedResultsTest {

  private static final ResultId FIRST = new ResultId("first");
  private static final ResultId SECOND = new ResultId("second");

  /** A queued task whose worker saves results during the run and holds no lease. */
  private static TaskScenario queuedWithoutClaims() {
    return TaskScenario.created(TaskScenario.LATE_ACK).apply(TaskScenario::confirm);
  }

  private static Command save(TaskScenario scenario, ResultId id) {
    return new Command.SaveResult(scenario.task.run().ref(), id);
  }

  @Test
  void notesSavedResultsWithoutShowingThem() {
    TaskScenario scenario = queuedWithoutClaims();

    scenario.assertChanged(save(scenario, FIRST));
    scenario.assertChanged(save(scenario, SECOND));

    assertThat(scenario.task.run().saved()).containsExactly(FIRST, SECOND);
    assertThat(scenario.task.resultRuns()).isEmpty();
    assertThat(scenario.task.state()).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void savedResultsBecomeVisibleOnSuccess() {
    TaskScenario scenario = queuedWithoutClaims();
    scenario.assertChanged(save(scenario, FIRST));
    scenario.assertChanged(save(scenario, SECOND));

    scenario.apply(s -> s.complete(0));

    ResultRun run = ResultRun.saved(1, scenario.task.run().token(), List.of(FIRST, SECOND));
    assertThat(scenario.task.resultRuns()).containsExactly(run);
    assertThat(scenario.task.run().saved()).isEmpty();
    assertThat(scenario.effects(Effect.StoreResults.class))
        .containsExactly(new Effect.StoreResults(run, List.of(), null));
    assertThat(scenario.effects(Effect.DeleteResults.class)).isEmpty();
  }

  @Test
  void listsSavedResultsBeforeSubmittedOnes() {
    TaskScenario scenario = queuedWithoutClaims();
    scenario.assertChanged(save(scenario, FIRST));

    scenario.apply(s -> s.complete(2));

    Effect.StoreResults store = scenario.effects(Effect.StoreResults.class).get(0);
    assertThat(store.run())
        .isEqualTo(new ResultRun(1, scenario.task.run().token(), null, 3, List.of(FIRST)));
    assertThat(store.draftIds(scenario.task.id()))
        .containsExactly(
            ResultId.submitted(scenario.task.id(), scenario.task.run().token(), null, 0),
            ResultId.submitted(scenario.task.id(), scenario.task.run().token(), null, 1));
  }

  @Test
  void areListedAfterThoseOfEarlierSuccess() {
    TaskScenario scenario = queuedWithoutClaims();
    scenario.assertChanged(save(scenario, FIRST));
    scenario.apply(s -> s.complete(0));
    scenario.assertChanged(scenario.effectDone(Effect.StoreResults.class));
    ResultRun first = scenario.task.latestResults();
    scenario.assertChanged(new Command.ForceRetry("ann"));
    scenario.assertChanged(save(scenario, SECOND));
    assertThat(scenario.task.resultRuns()).containsExactly(first);

    scenario.apply(s -> s.complete(0));

    ResultRun second = ResultRun.saved(2, scenario.task.run().token(), List.of(SECOND));
    assertThat(scenario.task.resultRuns()).containsExactly(first, second);
    assertThat(scenario.effects(Effect.StoreResults.class))
        .containsExactly(new Effect.StoreResults(second, List.of(), first));
  }

  @Test
  void deletesSavedResultsOnFailure() {
    TaskScenario scenario = queuedWithoutClaims();
    scenario.assertChanged(save(scenario, FIRST));
    ResultRun saved = scenario.task.run().savedResults();

    scenario.apply(s -> s.fail(TaskState.ERROR));

    assertThat(scenario.task.run().saved()).isEmpty();
    assertThat(scenario.effects(Effect.DeleteResults.class))
        .containsExactly(new Effect.DeleteResults(List.of(saved)));
  }

  @Test
  void deletesSavedResultsOnRetryAndWait() {
    for (TaskState end : List.of(TaskState.ERROR_PROXY, TaskState.UNFINISHED_DEPENDENCY)) {
      TaskScenario scenario = queuedWithoutClaims();
      scenario.assertChanged(save(scenario, FIRST));
      ResultRun saved = scenario.task.run().savedResults();

      scenario.apply(s -> s.fail(end));

      assertThat(scenario.task.run().attempt()).isEqualTo(2);
      assertThat(scenario.task.run().saved()).isEmpty();
      assertThat(scenario.effects(Effect.DeleteResults.class))
          .containsExactly(new Effect.DeleteResults(List.of(saved)));
    }
  }

  @Test
  void deletesSavedResultsWithTask() {
    TaskScenario scenario = queuedWithoutClaims();
    scenario.assertChanged(save(scenario, FIRST));
    ResultRun saved = scenario.task.run().savedResults();

    scenario.assertChanged(new Command.Delete("ann"));

    assertThat(scenario.effects(Effect.DeleteResults.class))
        .containsExactly(new Effect.DeleteResults(List.of(saved)));
  }

  @Test
  void refusesSavingOnceTaskEndedOrWaits() {
    TaskScenario ended = queuedWithoutClaims().apply(s -> s.complete(0));
    assertThat(ended.execute(save(ended, FIRST)).refused()).isTrue();
    TaskScenario waits = TaskScenario.waiting(OnDependencyFailure.FAIL, TaskScenario.TASK_A);
    assertThat(waits.execute(save(waits, FIRST)).refused()).isTrue();
  }

  @Test
  void refusesSavingFromWorkersThatClaim() {
    TaskScenario scenario = TaskScenario.running();

    assertThat(scenario.execute(save(scenario, FIRST)).refused()).isTrue();
  }

  @Test
  void limitsSavedResults() {
    TaskScenario scenario = queuedWithoutClaims();
    for (int i = 0; i < TaskMachine.MAX_SAVED; i++) {
      scenario.assertChanged(save(scenario, new ResultId("saved-" + i)));
    }

    assertThat(scenario.execute(save(scenario, FIRST)).refused()).isTrue();
    assertThat(scenario.task.run().saved()).hasSize(100).doesNotContain(FIRST);
    scenario.assertUnchanged(save(scenario, new ResultId("saved-0")));
  }

  /** A deletion of the result may still be in progress, and would delete it again. */
  @Test
  void refusesIdOfResultThatWasTakenBack() {
    TaskScenario scenario = queuedWithoutClaims();
    ResultId id = ResultId.saved(scenario.task, new byte[] {1});
    scenario.assertChanged(save(scenario, id));
    scenario.assertChanged(new Command.RemoveResults(List.of(id)));

    assertThat(scenario.assertRefused(save(scenario, id)).reason())
        .isEqualTo(Decision.Reason.STALE);
    ResultId again = ResultId.saved(scenario.task, new byte[] {1});
    scenario.assertChanged(save(scenario, again));

    assertThat(again).isNotEqualTo(id);
    assertThat(scenario.task.run().saved()).containsExactly(again);
    assertThat(scenario.apply(s -> s.complete(0)).task.run().takenBack()).isEmpty();
  }

  @Test
  void refusesSavingOfEarlierRun() {
    TaskScenario scenario = queuedWithoutClaims();
    Command save = save(scenario, FIRST);
    scenario.assertChanged(new Command.ForceRetry("ann"));

    assertThat(scenario.assertRefused(save).reason()).isEqualTo(Decision.Reason.STALE);
    assertThat(scenario.task.run().saved()).isEmpty();
  }

  @Test
  void notesRepeatedSaveOnce() {
    TaskScenario scenario = queuedWithoutClaims();
    scenario.assertChanged(save(scenario, FIRST));

    scenario.assertUnchanged(save(scenario, FIRST));

    assertThat(scenario.task.run().saved()).containsExactly(FIRST);
  }
}
