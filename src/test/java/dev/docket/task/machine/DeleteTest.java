package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.RunResults;
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

/** Tasks that are going: what is still done for them, and that nothing else is. */
class DeleteTest {

  private static final Command DELETE = new Command.Delete("ann");

  @Test
  void deletionTellsDependentsRevokesAndDeletesResults() {
    TaskScenario scenario = TaskScenario.running();
    scenario.moved(new Command.AddDependent(new TaskId("x")));
    scenario.having(s -> s.complete(2)).moved(scenario.effectDone(Effect.StoreResults.class));
    scenario.moved(scenario.effectDone(Effect.Wake.class));

    Task task = scenario.after(Duration.ofSeconds(1)).moved(DELETE);

    assertThat(task.deletedAt()).isEqualTo(scenario.now);
    assertThat(task.outbox())
        .extracting(PendingEffect::effect)
        .containsExactly(
            new Effect.Wake(),
            new Effect.Revoke(1),
            new Effect.DeleteResults(List.of(task.results())));
    assertThat(scenario.lastMove().by()).isEqualTo("delete ann");
  }

  @Test
  void workerOfADeletedTaskHoldsNothing() {
    assertThat(TaskScenario.running().moved(DELETE).lease()).isNull();
  }

  @Test
  void delayedTaskIsNotPublishedAfterItsDeletion() {
    TaskScenario scenario = TaskScenario.createdFor(TaskScenario.START.plus(Duration.ofDays(1)));

    scenario.moved(DELETE);

    assertThat(scenario.task.dueAt()).isNull();
    assertThat(scenario.outbox(Effect.Publish.class)).isEmpty();
  }

  @Test
  void resultsThatWereStillToBeStoredAreDeletedInstead() {
    TaskScenario scenario = TaskScenario.done(2);
    RunResults first = scenario.task.results();
    scenario.moved(new Command.Reset("ann"));
    scenario.having(s -> s.claim("c1")).having(s -> s.complete(1));
    RunResults second = scenario.task.results();

    scenario.moved(DELETE);

    assertThat(scenario.outbox(Effect.StoreResults.class)).isEmpty();
    assertThat(scenario.outbox(Effect.DeleteResults.class))
        .containsExactly(new Effect.DeleteResults(List.of(first, second)));
  }

  @Test
  void resultsThatCameTooLateAreStillDeleted() {
    TaskScenario scenario = TaskScenario.done(2);
    RunResults first = scenario.task.results();
    scenario.moved(new Command.Reset("ann"));
    scenario.having(s -> s.claim("c1")).having(s -> s.complete(1));
    scenario.moved(allOf(scenario, Effect.StoreResults.class));

    scenario.moved(DELETE);

    assertThat(scenario.outbox(Effect.DeleteResults.class).get(0).results())
        .containsExactlyInAnyOrder(first, scenario.task.results());
  }

  @Test
  void resultsThatAreStillToComeTooLateAreDeletedToo() {
    TaskScenario scenario = TaskScenario.done(2);
    RunResults first = scenario.task.results();
    scenario.moved(new Command.Reset("ann"));
    scenario.having(s -> s.claim("c1")).having(s -> s.complete(1));
    scenario.moved(new Command.EffectsDone(Set.of(scenario.task.outbox().get(1).id())));

    scenario.moved(DELETE);

    assertThat(scenario.outbox(Effect.DeleteResults.class).get(0).results())
        .containsExactlyInAnyOrder(first, scenario.task.results());
  }

  private static Command allOf(TaskScenario scenario, Class<? extends Effect> kind) {
    return new Command.EffectsDone(
        scenario.task.outbox().stream()
            .filter(pending -> kind.isInstance(pending.effect()))
            .map(PendingEffect::id)
            .collect(Collectors.toSet()));
  }

  @Test
  void taskWithoutResultsOrDependentsHasAnOutboxUntilItIsRemoved() {
    assertThat(TaskScenario.created().moved(DELETE).outbox()).isNotEmpty();
  }

  @Test
  void deletionAgainChangesNothing() {
    TaskScenario scenario = TaskScenario.queued();
    scenario.moved(DELETE);

    scenario.unchanged(DELETE);
  }

  @Test
  void brokersAnswersChangeNothing() {
    TaskScenario scenario = TaskScenario.created();
    scenario.moved(DELETE);

    scenario.unchanged(scenario.confirm());
    scenario.unchanged(scenario.noQueue());
  }

  static Stream<TaskScenario.Said> anythingElse() {
    return Stream.of(
        s -> s.claim("c1"),
        TaskScenario::heartbeat,
        s -> s.complete(1),
        s -> s.fail(TaskState.ERROR),
        s -> new Command.Retry("ann"),
        s -> new Command.ForceRetry("ann"),
        s -> new Command.Reset("ann"),
        s -> new Command.Cancel("ann"),
        s -> TaskScenario.done(TaskScenario.A, 1),
        s -> TaskScenario.failed(TaskScenario.A, 1),
        s -> new Command.AddDependent(new TaskId("x")),
        s -> new Command.Publish(),
        s -> new Command.Redispatch(),
        s -> new Command.LeaseLost(),
        s -> new Command.Unstorable("why"));
  }

  @ParameterizedTest
  @MethodSource("anythingElse")
  void anythingElseIsRefusedAndNotCounted(TaskScenario.Said said) {
    TaskScenario scenario = TaskScenario.running();
    scenario.moved(DELETE);
    Task before = scenario.task;

    assertThat(scenario.refused(said.of(scenario)).reason()).isEqualTo(Decision.Reason.GONE);
    assertThat(scenario.task).isEqualTo(before);
  }

  @Test
  void whatItLeavesToDoCanBeTakenAndDone() {
    TaskScenario scenario = TaskScenario.queued();
    scenario.moved(DELETE);
    scenario.after(Duration.ofMinutes(1));

    scenario.moved(new Command.TakeOverdue(scenario.now.plusSeconds(30)));
    scenario.moved(
        new Command.EffectsDone(
            scenario.task.outbox().stream().map(PendingEffect::id).collect(Collectors.toSet())));

    assertThat(scenario.task.outbox()).isEmpty();
    assertThat(scenario.task.deleted()).isTrue();
  }

  @Test
  void effectsFromBeforeTheDeletionAreNothingToIt() {
    TaskScenario scenario = TaskScenario.done(1);
    String store = scenario.pending(Effect.StoreResults.class).id();
    scenario.moved(DELETE);

    scenario.unchanged(new Command.EffectsDone(Set.of(store)));
  }
}
