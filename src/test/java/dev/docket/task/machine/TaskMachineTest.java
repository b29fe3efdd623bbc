package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Dependency;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import dev.docket.task.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Behavior common to all transitions: creation, outbox, history. */
class TaskMachineTest {

  private static final Instant TOMORROW = TaskScenario.START.plus(Duration.ofDays(1));

  @Test
  void dispatchesNewTask() {
    Task task = TaskScenario.created().task;

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.run().attempt()).isEqualTo(1);
    assertThat(task.run().failures()).isZero();
    assertThat(task.run().dispatchedAt()).isEqualTo(TaskScenario.START);
    assertThat(task.outbox())
        .singleElement()
        .satisfies(
            pending -> {
              assertThat(pending.effect()).isEqualTo(new Effect.Publish(1));
              assertThat(pending.due()).isEqualTo(TaskScenario.START.plusSeconds(30));
            });
    assertThat(task.outboxDue()).contains(TaskScenario.START.plusSeconds(30));
  }

  @Test
  void usesRandomTokenAsFirstRun() {
    TaskScenario scenario = TaskScenario.created();
    DecisionContext context = new DecisionContext(TaskScenario.START, "f".repeat(32), 0);

    Task task =
        TaskMachine.create(scenario.task.id(), scenario.task.spec(), List.of(), null, context);

    assertThat(task.isCurrentRun(new RunRef(1, "f".repeat(32)))).isTrue();
  }

  @Test
  void recordsCreationInHistory() {
    assertThat(TaskScenario.created().task.history())
        .containsExactly(
            new Transition(
                TaskScenario.START, null, TaskState.CREATED, 1, "create ann", null, 1, "ann"));
  }

  @Test
  void doesNotDispatchBeforeDueTime() {
    TaskScenario scenario = TaskScenario.delayedUntil(TOMORROW);

    assertThat(scenario.task.state()).isEqualTo(TaskState.CREATED);
    assertThat(scenario.task.run().dueAt()).isEqualTo(TOMORROW);
    assertThat(scenario.task.run().dispatchedAt()).isNull();
    assertThat(scenario.pendingEffect(Effect.Publish.class).due()).isEqualTo(TOMORROW);
  }

  @Test
  void ignoresDueTimeInPast() {
    TaskScenario scenario = TaskScenario.delayedUntil(TaskScenario.START.minusSeconds(1));

    assertThat(scenario.task.run().dueAt()).isNull();
    assertThat(scenario.task.run().dispatchedAt()).isEqualTo(TaskScenario.START);
  }

  @Test
  void waitsAndRegistersWithDependencies() {
    TaskScenario scenario =
        TaskScenario.waiting(OnDependencyFailure.FAIL, TaskScenario.TASK_A, TaskScenario.TASK_B);

    assertThat(scenario.task.state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    assertThat(scenario.task.outbox())
        .extracting(PendingEffect::effect)
        .containsExactly(new Effect.Register(List.of(TaskScenario.TASK_A, TaskScenario.TASK_B)));
    assertThat(scenario.task.dependsOn())
        .containsExactly(
            new Dependency(TaskScenario.TASK_A.id(), TaskScenario.TASK_A.key(), null, 0),
            new Dependency(TaskScenario.TASK_B.id(), TaskScenario.TASK_B.key(), null, 0));
  }

  @Test
  void ignoresDuplicateDependency() {
    assertThat(
            TaskScenario.waiting(OnDependencyFailure.FAIL, TaskScenario.TASK_A, TaskScenario.TASK_A)
                .task
                .dependsOn())
        .hasSize(1);
  }

  @Test
  void removesPerformedEffects() {
    TaskScenario scenario = TaskScenario.succeeded(2);

    scenario.assertChanged(scenario.effectDone(Effect.StoreResults.class));

    assertThat(scenario.task.outbox()).isEmpty();
    assertThat(scenario.task.state()).isEqualTo(TaskState.SUCCESS);
  }

  @Test
  void effectsDoneIsIdempotent() {
    TaskScenario scenario = TaskScenario.succeeded(2);
    Command done = scenario.effectDone(Effect.StoreResults.class);
    scenario.assertChanged(done);

    scenario.assertUnchanged(done);
  }

  @Test
  void effectsDoneKeepsOtherEffects() {
    TaskScenario scenario = TaskScenario.created();
    scenario.assertChanged(new Command.AddDependent(new TaskId("x")));
    scenario.apply(s -> s.claim("c1")).apply(s -> s.complete(1));

    scenario.assertChanged(scenario.effectDone(Effect.StoreResults.class));

    assertThat(scenario.task.outbox())
        .extracting(PendingEffect::effect)
        .containsExactly(new Effect.Wake());
  }

  @Test
  void onlyBrokerRemovesPublishEffect() {
    TaskScenario scenario = TaskScenario.created();

    scenario.assertUnchanged(scenario.effectDone(Effect.Publish.class));
  }

  @Test
  void ordersEffectsOfOneTransition() {
    TaskScenario scenario = TaskScenario.created();
    scenario.assertChanged(new Command.AddDependent(new TaskId("x")));
    scenario.apply(s -> s.claim("c1")).apply(s -> s.complete(1));

    assertThat(scenario.task.outbox())
        .extracting(pending -> pending.effect().getClass().getSimpleName())
        .containsExactly("StoreResults", "Wake");
  }

  @Test
  void effectsHaveUniqueIds() {
    TaskScenario scenario = TaskScenario.created();
    scenario.assertChanged(new Command.AddDependent(new TaskId("x")));
    scenario.apply(s -> s.claim("c1")).apply(s -> s.complete(1));

    assertThat(scenario.task.outbox()).extracting(PendingEffect::id).doesNotHaveDuplicates();
  }

  @Test
  void endWithoutDependentsHasNoEffects() {
    assertThat(TaskScenario.failed().task.outbox()).isEmpty();
  }

  @Test
  void historyKeepsLastFiftyEntries() {
    TaskScenario scenario = TaskScenario.created();
    for (int i = 0; i < 60; i++) {
      scenario.assertChanged(new Command.Reset("ann" + i));
    }

    assertThat(scenario.task.history()).hasSize(50);
    assertThat(scenario.task.history().get(0).by()).isEqualTo("reset ann10");
    assertThat(scenario.lastTransition().by()).isEqualTo("reset ann59");
  }

  @Test
  void historyLimitCoversEntriesWithoutChangeOfState() {
    TaskScenario scenario = TaskScenario.queued();
    for (int i = 0; i < 60; i++) {
      scenario.assertChanged(new Command.Redispatch());
    }

    assertThat(scenario.task.history()).hasSize(50);
  }

  @Test
  void historyEntryContainsTimeStatesAttemptAndActor() {
    TaskScenario scenario = TaskScenario.running().advance(Duration.ofSeconds(5));

    scenario.assertChanged(scenario.fail(TaskState.NOT_FOUND));

    assertThat(scenario.lastTransition())
        .isEqualTo(
            new Transition(
                TaskScenario.START.plusSeconds(5),
                TaskState.PROCESSING,
                TaskState.NOT_FOUND,
                1,
                "fail w",
                "why",
                1,
                null));
  }

  @Test
  void everyChangeSetsUpdatedAt() {
    TaskScenario scenario = TaskScenario.running().advance(Duration.ofSeconds(5));

    assertThat(scenario.assertChanged(scenario.heartbeat()).updatedAt())
        .isEqualTo(TaskScenario.START.plusSeconds(5));
  }

  @Test
  void newRunKeepsEffectsItDoesNotSupersede() {
    TaskScenario scenario = TaskScenario.succeeded(2);

    scenario.assertChanged(new Command.Reset("ann"));

    assertThat(scenario.task.outbox())
        .extracting(pending -> pending.effect().getClass().getSimpleName())
        .containsExactly("StoreResults", "Publish");
  }

  @Test
  void ignoresUnknownEffectIds() {
    TaskScenario.succeeded(1).assertUnchanged(new Command.EffectsDone(Set.of("unknown")));
  }

  @Test
  void unstorableTaskEndsWithReason() {
    TaskScenario scenario = TaskScenario.running();

    Task task = scenario.assertChanged(new Command.Unstorable("too deep"));

    assertThat(task.state()).isEqualTo(TaskState.ERROR);
    assertThat(task.message()).isEqualTo("the store rejects the record: too deep");
    assertThat(task.run().lease()).isNull();
  }

  @Test
  void refusesUnstorableForEndedTask() {
    assertThat(TaskScenario.succeeded(0).assertRefused(new Command.Unstorable("too deep")).reason())
        .isEqualTo(Decision.Reason.ILLEGAL);
  }
}
