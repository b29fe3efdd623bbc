package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Policy;
import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import dev.docket.task.RunRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The list of the successful runs that left results. */
final class ResultRunsTest {

  /** Ends the current run of the task successfully, and starts another run. */
  private static ResultRun succeed(TaskScenario scenario, int results) {
    if (scenario.task.state().isFinished()) {
      scenario.assertChanged(new Command.Reset("ann"));
    }
    scenario.apply(s -> s.claim("c1")).apply(s -> s.complete(results));
    return scenario.task.latestResults();
  }

  private static void storePending(TaskScenario scenario) {
    while (!scenario.pendingEffects(Effect.StoreResults.class).isEmpty()) {
      scenario.assertChanged(scenario.effectDone(Effect.StoreResults.class));
    }
  }

  private static List<ResultRun> deleted(TaskScenario scenario) {
    return scenario.effects(Effect.DeleteResults.class).stream()
        .flatMap(delete -> delete.results().stream())
        .toList();
  }

  @Test
  void listsEarlierRunsUpToLimit() {
    TaskScenario scenario = TaskScenario.queued();
    List<ResultRun> all = new ArrayList<>();
    for (int i = 0; i < TaskScenario.KEPT_RUNS; i++) {
      all.add(succeed(scenario, 1));
      storePending(scenario);
    }
    assertThat(scenario.task.resultRuns()).isEqualTo(all);
    assertThat(scenario.task.outbox()).isEmpty();

    all.add(succeed(scenario, 1));

    assertThat(scenario.task.resultRuns()).isEqualTo(all.subList(1, all.size()));
    assertThat(deleted(scenario)).containsExactly(all.get(0));
  }

  @Test
  void runsWithoutResultsTakeNoPlaceInList() {
    TaskScenario scenario = TaskScenario.queued();
    ResultRun first = succeed(scenario, 1);
    for (int i = 0; i < TaskScenario.KEPT_RUNS; i++) {
      succeed(scenario, 0);
    }

    assertThat(scenario.task.resultRuns()).containsExactly(first);
    assertThat(scenario.effects(Effect.DeleteResults.class)).isEmpty();
  }

  /** The settings of the key have changed since the earlier runs ended. */
  @Test
  void dropsSeveralRunsIfLimitWasLowered() {
    TaskScenario scenario = TaskScenario.queued();
    ResultRun first = succeed(scenario, 1);
    ResultRun second = succeed(scenario, 1);
    scenario.assertChanged(new Command.Reset("ann"));
    scenario.assertChanged(scenario.claim("c1"));

    Decision decision =
        TaskMachine.apply(scenario.task, scenario.complete(1), withKeptRuns(1), scenario.context());

    assertThat(decision.task().resultRuns()).containsExactly(scenario.submitted(1));
    assertThat(decision.task().outbox())
        .extracting(PendingEffect::effect)
        .contains(new Effect.DeleteResults(List.of(first, second)));
  }

  private static Policy withKeptRuns(int keptRuns) {
    Policy policy = TaskScenario.CLAIMS;
    return new Policy(
        policy.protocol(),
        policy.ackMode(),
        policy.maxAttempts(),
        policy.backoff(),
        policy.backoffMax(),
        policy.leaseSeconds(),
        policy.timeout(),
        policy.unansweredAfter(),
        keptRuns);
  }

  @Test
  void resultsOfDroppedRunAreDeletedIfStoredLater() {
    TaskScenario scenario = TaskScenario.queued();
    ResultRun dropped = succeed(scenario, 1);
    String store = scenario.pendingEffect(Effect.StoreResults.class).id();
    for (int i = 0; i < TaskScenario.KEPT_RUNS; i++) {
      succeed(scenario, 1);
    }
    scenario.assertChanged(scenario.effectDone(Effect.DeleteResults.class));
    assertThat(deleted(scenario)).isEmpty();

    scenario.assertChanged(new Command.EffectsDone(Set.of(store)));

    assertThat(deleted(scenario)).containsExactly(dropped);
  }

  @Test
  void resultsOfLatestRunNeedNothingElseOnceStored() {
    TaskScenario scenario = TaskScenario.queued();
    succeed(scenario, 2);

    scenario.assertChanged(scenario.effectDone(Effect.StoreResults.class));

    assertThat(scenario.task.outbox()).isEmpty();
  }

  @Test
  void removesResultsFromList() {
    TaskScenario scenario = TaskScenario.created(TaskScenario.LATE_ACK);
    ResultId first = new ResultId("first");
    ResultId second = new ResultId("second");
    for (ResultId id : List.of(first, second)) {
      scenario.assertChanged(new Command.SaveResult(scenario.task.run().ref(), id));
    }
    scenario.assertChanged(new Command.RemoveResults(List.of(first)));
    assertThat(scenario.task.run().saved()).containsExactly(second);
    assertThat(deleted(scenario))
        .containsExactly(ResultRun.saved(1, scenario.task.run().token(), List.of(first)));
    scenario.assertChanged(scenario.effectDone(Effect.DeleteResults.class));
    scenario.apply(s -> s.complete(1));
    ResultRun run = scenario.task.latestResults();

    scenario.assertChanged(new Command.RemoveResults(List.of(second)));

    assertThat(scenario.task.resultRuns())
        .containsExactly(new ResultRun(1, run.run(), run.submission(), 1, List.of()));
    assertThat(deleted(scenario)).containsExactly(ResultRun.saved(1, run.run(), List.of(second)));
    scenario.assertUnchanged(new Command.RemoveResults(List.of(second)));
  }

  @Test
  void removesRunWithItsLastResult() {
    TaskScenario scenario = TaskScenario.created(TaskScenario.LATE_ACK);
    ResultId id = new ResultId("only");
    scenario.assertChanged(new Command.SaveResult(scenario.task.run().ref(), id));
    scenario.apply(s -> s.complete(0));

    scenario.assertChanged(new Command.RemoveResults(List.of(id)));

    assertThat(scenario.task.resultRuns()).isEmpty();
  }

  @Test
  void runBeforeBecomesLatestAgainIfLaterOneLosesItsResults() {
    TaskScenario scenario = TaskScenario.created(TaskScenario.LATE_ACK);
    ResultRun first = scenario.apply(s -> s.complete(1)).task.latestResults();
    scenario.assertChanged(scenario.effectDone(Effect.StoreResults.class));
    scenario.assertChanged(new Command.Reset("ann"));
    ResultId id = new ResultId("second");
    scenario.assertChanged(new Command.SaveResult(scenario.task.run().ref(), id));
    scenario.apply(s -> s.complete(0));
    PendingEffect second = scenario.pendingEffect(Effect.StoreResults.class);

    scenario.assertChanged(new Command.RemoveResults(List.of(id)));

    Effect showFirst = new Effect.StoreResults(first, List.of(), null);
    assertThat(scenario.task.resultRuns()).containsExactly(first);
    assertThat(scenario.effects(Effect.StoreResults.class))
        .contains((Effect.StoreResults) showFirst);
    // A repetition of the second run's effect may have hidden the first run again.
    scenario.assertChanged(
        new Command.EffectsDone(
            Set.of(second.id(), scenario.pendingEffects(Effect.StoreResults.class).get(1).id())));
    assertThat(scenario.effects(Effect.StoreResults.class))
        .containsExactly((Effect.StoreResults) showFirst);
    assertThat(deleted(scenario)).contains(((Effect.StoreResults) second.effect()).run());
  }

  /** The worker ended its run while it was still saving a result. */
  @Test
  void deletesResultThatWasNotFoundWhenItsRunWasStored() {
    TaskScenario scenario = TaskScenario.created(TaskScenario.LATE_ACK);
    ResultId saved = new ResultId("saved");
    ResultId missing = new ResultId("missing");
    for (ResultId id : List.of(saved, missing)) {
      scenario.assertChanged(new Command.SaveResult(scenario.task.run().ref(), id));
    }
    scenario.apply(s -> s.complete(0));
    scenario.assertChanged(new Command.RemoveResults(List.of(missing)));
    scenario.assertChanged(scenario.effectDone(Effect.DeleteResults.class));

    scenario.assertChanged(scenario.effectDone(Effect.StoreResults.class));

    ResultRun run = scenario.task.latestResults();
    assertThat(run.ids()).containsExactly(saved);
    assertThat(deleted(scenario))
        .containsExactly(ResultRun.saved(run.attempt(), run.run(), List.of(missing)));
  }

  @Test
  void trimsEarlierRunsButNotLatest() {
    TaskScenario scenario = TaskScenario.queued();
    ResultRun first = succeed(scenario, 1);
    ResultRun second = succeed(scenario, 1);
    storePending(scenario);

    scenario.assertChanged(new Command.TrimResults(Set.of(first.attempt(), second.attempt(), 99)));

    assertThat(scenario.task.resultRuns()).containsExactly(second);
    assertThat(deleted(scenario)).containsExactly(first);
    scenario.assertUnchanged(new Command.TrimResults(Set.of(first.attempt(), second.attempt())));
  }

  @Test
  void idsFollowFromTaskRunSubmissionAndOrdinal() {
    TaskScenario scenario = TaskScenario.queued();
    ResultRun run = succeed(scenario, 2);

    assertThat(run.submission()).isEqualTo("c1");
    assertThat(run.resultIds(scenario.task.id()))
        .containsExactly(
            ResultId.submitted(scenario.task.id(), run.run(), "c1", 0),
            ResultId.submitted(scenario.task.id(), run.run(), "c1", 1))
        .doesNotHaveDuplicates()
        .doesNotContain(ResultId.submitted(scenario.task.id(), run.run(), "c2", 0));
  }

  @Test
  void digestIdentifiesSubmissionOfWorkerWithoutClaims() {
    TaskScenario scenario = TaskScenario.created(TaskScenario.LATE_ACK);
    Command.Complete complete =
        new Command.Complete(
            new Reporter(new RunRef(1, scenario.task.run().token()), null, "w"),
            RunEnd.of(null),
            TaskScenario.results(1),
            "digest");

    scenario.assertChanged(complete);

    assertThat(scenario.task.latestResults().submission()).isEqualTo("digest");
  }
}
