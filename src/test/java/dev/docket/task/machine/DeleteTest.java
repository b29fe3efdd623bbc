package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.ResultRun;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Deletion: the effects that remain, and the refusal of all other commands. */
class DeleteTest {

  private static final Command DELETE = new Command.Delete("ann");

  @Test
  void notifiesDependentsAndDeletesResults() {
    TaskScenario scenario = TaskScenario.running();
    scenario.assertChanged(new Command.AddDependent(new TaskId("x")));
    scenario
        .apply(s -> s.complete(2))
        .assertChanged(scenario.effectDone(Effect.StoreResults.class));
    scenario.assertChanged(scenario.effectDone(Effect.Wake.class));

    Task task = scenario.advance(Duration.ofSeconds(1)).assertChanged(DELETE);

    assertThat(task.deletedAt()).isEqualTo(scenario.now);
    assertThat(task.outbox())
        .extracting(PendingEffect::effect)
        .containsExactly(
            new Effect.Wake(), new Effect.DeleteResults(List.of(task.latestResults())));
    assertThat(scenario.lastTransition().by()).isEqualTo("delete ann");
  }

  @Test
  void releasesLease() {
    assertThat(TaskScenario.running().assertChanged(DELETE).run().lease()).isNull();
  }

  @Test
  void doesNotPublishDelayedTask() {
    TaskScenario scenario = TaskScenario.delayedUntil(TaskScenario.START.plus(Duration.ofDays(1)));

    scenario.assertChanged(DELETE);

    assertThat(scenario.task.run().dueAt()).isNull();
    assertThat(scenario.effects(Effect.Publish.class)).isEmpty();
  }

  @Test
  void deletesResultsOfAllListedRuns() {
    TaskScenario scenario = TaskScenario.succeeded(2);
    ResultRun first = scenario.task.latestResults();
    scenario.assertChanged(new Command.Reset("ann"));
    scenario.apply(s -> s.claim("c1")).apply(s -> s.complete(1));
    scenario.assertChanged(effectsDone(scenario, Effect.StoreResults.class));
    scenario.assertChanged(effectsDone(scenario, Effect.StoreResults.class));

    scenario.assertChanged(DELETE);

    assertThat(scenario.effects(Effect.StoreResults.class)).isEmpty();
    assertThat(scenario.effects(Effect.DeleteResults.class))
        .containsExactly(new Effect.DeleteResults(List.of(first, scenario.task.latestResults())));
  }

  /** Their records name the payloads that are to be deleted too. */
  @Test
  void storesPendingResultsBeforeItDeletesThem() {
    TaskScenario scenario = TaskScenario.succeeded(2);
    ResultRun run = scenario.task.latestResults();

    scenario.assertChanged(DELETE);

    assertThat(scenario.task.outbox())
        .extracting(PendingEffect::effect)
        .containsExactly(
            new Effect.StoreResults(run, TaskScenario.results(2), null),
            new Effect.DeleteResults(List.of(run)));
  }

  @Test
  void deletesResultsThatAreStoredAfterTheDeletion() {
    TaskScenario scenario = TaskScenario.succeeded(2);
    ResultRun run = scenario.task.latestResults();
    String store = scenario.pendingEffect(Effect.StoreResults.class).id();
    scenario.assertChanged(DELETE);
    scenario.assertChanged(effectsDone(scenario, Effect.DeleteResults.class));

    scenario.assertChanged(new Command.EffectsDone(Set.of(store)));

    assertThat(scenario.effects(Effect.DeleteResults.class))
        .containsExactly(new Effect.DeleteResults(List.of(run)));
  }

  @Test
  void deletesResultsWhoseDeletionIsPending() {
    TaskScenario scenario = TaskScenario.succeeded(1);
    ResultRun dropped = scenario.task.latestResults();
    scenario.assertChanged(effectsDone(scenario, Effect.StoreResults.class));
    for (int i = 0; i < TaskScenario.KEPT_RUNS; i++) {
      scenario.assertChanged(new Command.Reset("ann"));
      scenario.apply(s -> s.claim("c1")).apply(s -> s.complete(1));
      scenario.assertChanged(effectsDone(scenario, Effect.StoreResults.class));
    }
    assertThat(scenario.task.resultRuns()).doesNotContain(dropped);

    scenario.assertChanged(DELETE);

    assertThat(scenario.effects(Effect.DeleteResults.class))
        .singleElement()
        .satisfies(delete -> assertThat(delete.results()).contains(dropped));
  }

  private static Command effectsDone(TaskScenario scenario, Class<? extends Effect> kind) {
    return new Command.EffectsDone(
        scenario.task.outbox().stream()
            .filter(pending -> kind.isInstance(pending.effect()))
            .map(PendingEffect::id)
            .collect(Collectors.toSet()));
  }

  @Test
  void deletedTaskAlwaysHasPendingEffects() {
    assertThat(TaskScenario.created().assertChanged(DELETE).outbox()).isNotEmpty();
  }

  @Test
  void deletionIsIdempotent() {
    TaskScenario scenario = TaskScenario.queued();
    scenario.assertChanged(DELETE);

    scenario.assertUnchanged(DELETE);
  }

  @Test
  void ignoresConfirmsAndReturns() {
    TaskScenario scenario = TaskScenario.created();
    scenario.assertChanged(DELETE);

    scenario.assertUnchanged(scenario.confirm());
    scenario.assertUnchanged(scenario.noRoute());
  }

  static Stream<TaskScenario.CommandFactory> otherCommands() {
    return Stream.of(
        s -> s.claim("c1"),
        TaskScenario::heartbeat,
        s -> s.complete(1),
        s -> s.fail(TaskState.ERROR),
        s -> new Command.Retry("ann"),
        s -> new Command.ForceRetry("ann"),
        s -> new Command.Reset("ann"),
        s -> new Command.Cancel("ann"),
        s -> TaskScenario.dependencyDone(TaskScenario.TASK_A, 1),
        s -> TaskScenario.dependencyFailed(TaskScenario.TASK_A, 1),
        s -> new Command.AddDependent(new TaskId("x")),
        s -> new Command.Publish(),
        s -> new Command.Redispatch(),
        s -> new Command.LeaseLost(),
        s -> new Command.Unstorable("why"));
  }

  @ParameterizedTest
  @MethodSource("otherCommands")
  void refusesOtherCommandsWithoutCounting(TaskScenario.CommandFactory factory) {
    TaskScenario scenario = TaskScenario.running();
    scenario.assertChanged(DELETE);
    Task before = scenario.task;

    assertThat(scenario.assertRefused(factory.create(scenario)).reason())
        .isEqualTo(Decision.Reason.GONE);
    assertThat(scenario.task).isEqualTo(before);
  }

  @Test
  void pendingEffectsCanBeTakenOverAndDone() {
    TaskScenario scenario = TaskScenario.queued();
    scenario.assertChanged(DELETE);
    scenario.advance(Duration.ofMinutes(1));

    scenario.assertChanged(new Command.TakeOverdue(scenario.now.plusSeconds(30)));
    scenario.assertChanged(
        new Command.EffectsDone(
            scenario.task.outbox().stream().map(PendingEffect::id).collect(Collectors.toSet())));

    assertThat(scenario.task.outbox()).isEmpty();
    assertThat(scenario.task.deleted()).isTrue();
  }

  @Test
  void ignoresEffectsFromBeforeDeletion() {
    TaskScenario scenario = TaskScenario.running();
    scenario.assertChanged(new Command.AddDependent(new TaskId("x")));
    scenario.apply(s -> s.complete(0));
    String wake = scenario.pendingEffect(Effect.Wake.class).id();
    scenario.assertChanged(DELETE);

    scenario.assertUnchanged(new Command.EffectsDone(Set.of(wake)));
  }
}
