package dev.docket.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.store.StoreUnavailable;
import dev.docket.store.Unstorable;
import dev.docket.store.Versioned;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.PendingEffect;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import dev.docket.task.machine.TaskMachine;
import dev.docket.task.machine.TaskScenario;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The task service: creation, single commands, effects, removal. */
class TaskServiceTest {

  private final TaskServiceFixture fixture = new TaskServiceFixture();

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static ThrowingCallable joining(CompletionStage<?> stage) {
    return () -> stage.toCompletableFuture().join();
  }

  @Test
  void storesAndDispatchesNewTask() {
    Task task = TaskScenario.created().task;

    assertThat(join(fixture.tasks.create(task))).isEqualTo(task);

    assertThat(fixture.store.task(task.id())).isEqualTo(task);
    assertThat(fixture.performed)
        .containsExactly(
            new TaskServiceFixture.PerformedEffects(task, List.of(new Effect.Publish(1))));
  }

  @Test
  void doesNotDispatchDelayedTask() {
    join(fixture.tasks.create(TaskScenario.delayedUntil(TaskScenario.START.plusSeconds(60)).task));

    assertThat(fixture.performedEffects()).isEmpty();
  }

  @Test
  void registersDelayedTaskImmediately() {
    join(
        fixture.tasks.create(
            TaskScenario.delayedUntil(TaskScenario.START.plusSeconds(60), TaskScenario.TASK_A)
                .task));

    assertThat(fixture.performedEffects())
        .containsExactly(new Effect.Register(List.of(TaskScenario.TASK_A)));
  }

  @Test
  void rejectsTakenIdAndNamesExistingTask() {
    TaskId id = fixture.givenStored(TaskScenario.queued());
    Task existing = fixture.store.task(id);
    Task again = TaskMachine.create(id, existing.spec(), List.of(), null, fixture.context());

    assertThatThrownBy(joining(fixture.tasks.create(again)))
        .hasCauseInstanceOf(TaskExists.class)
        .cause()
        .extracting(e -> ((TaskExists) e).existing())
        .isEqualTo(existing);
    assertThat(fixture.performedEffects()).isEmpty();
  }

  @Test
  void failsCreationWithUnknownOutcome() {
    fixture.store.onNextWrite(ScriptedTaskStore.WRITE_LOST);

    assertThatThrownBy(joining(fixture.tasks.create(TaskScenario.created().task)))
        .hasCauseInstanceOf(StoreUnavailable.class);
  }

  @Test
  void recognizesOwnCreationAfterLostResponse() {
    Task task = TaskScenario.created().task;
    fixture.store.onNextWrite(ScriptedTaskStore.RESPONSE_LOST);
    assertThatThrownBy(joining(fixture.tasks.create(task)))
        .hasCauseInstanceOf(StoreUnavailable.class);

    assertThat(join(fixture.tasks.create(task))).isEqualTo(task);
    assertThat(fixture.performedEffects()).containsExactly(new Effect.Publish(1));
  }

  @Test
  void failsCreationThatStoreRejects() {
    fixture.store.rejectPermanently(task -> true);

    assertThatThrownBy(joining(fixture.tasks.create(TaskScenario.created().task)))
        .hasCauseInstanceOf(Unstorable.class);
  }

  @Test
  void storesChangeAndPerformsEffects() {
    TaskId id = fixture.givenStored(TaskScenario.running());
    Command complete =
        new Command.Complete(
            new Reporter(new RunRef(1, fixture.store.task(id).run().token()), "c1", "w"),
            RunEnd.of("ok"),
            TaskScenario.results(1),
            null);

    Decision decision = join(fixture.execute(id, complete));

    assertThat(decision).isInstanceOf(Decision.Changed.class);
    assertThat(fixture.store.task(id)).isEqualTo(decision.task());
    assertThat(fixture.performed)
        .singleElement()
        .satisfies(
            performed -> {
              assertThat(performed.task()).isEqualTo(decision.task());
              assertThat(performed.effects())
                  .singleElement()
                  .isInstanceOf(Effect.StoreResults.class);
            });
  }

  @Test
  void doesNotRepeatEarlierEffects() {
    TaskId id = fixture.givenStored(TaskScenario.succeeded(1));

    join(fixture.execute(id, new Command.Reset("ann")));

    assertThat(fixture.performedEffects()).containsExactly(new Effect.Publish(2));
  }

  @Test
  void performsAllEffectsOfDelayedRunExceptPublish() {
    TaskScenario scenario = TaskScenario.running();
    TaskId id = fixture.givenStored(scenario);

    join(fixture.execute(id, scenario.fail(TaskState.UNFINISHED_DEPENDENCY)));

    assertThat(fixture.performedEffects()).containsExactly(new Effect.Register(List.of()));
    assertThat(fixture.store.task(id).outbox()).hasSize(2);
  }

  @Test
  void succeedsIfEffectsFail() {
    Outbox broken =
        (task, effects) -> {
          throw new IllegalStateException("broken");
        };
    TaskService tasks =
        new TaskService(
            fixture.store,
            fixture,
            fixture::context,
            broken,
            CurrentDocuments.NEVER_CHANGED,
            List.of());
    Task task = TaskScenario.created().task;

    assertThat(join(tasks.create(task))).isEqualTo(task);
    assertThat(join(tasks.execute(task.id(), new Command.Reset("ann"))).refused()).isFalse();
  }

  @Test
  void refusesWithoutWrite() {
    TaskId id = fixture.givenStored(TaskScenario.succeeded(0));

    assertThat(join(fixture.execute(id, new Command.Cancel("ann"))).refused()).isTrue();
    assertThat(fixture.store.writes).isZero();
  }

  @Test
  void writesCountedRefusal() {
    TaskScenario scenario = TaskScenario.running();
    TaskId id = fixture.givenStored(scenario);

    Command late = new Command.GiveBack(new Reporter(new RunRef(1, "another"), "c1", "w"), null);
    assertThat(join(fixture.execute(id, late)).refused()).isTrue();

    assertThat(fixture.store.task(id).history()).hasSize(scenario.task.history().size() + 1);
    assertThat(fixture.performedEffects()).isEmpty();
  }

  @Test
  void failsForUnknownTask() {
    TaskId id = new TaskId("unknown");

    assertThatThrownBy(joining(fixture.execute(id, new Command.Cancel("ann"))))
        .hasCauseInstanceOf(TaskNotFound.class);
    assertThatThrownBy(joining(fixture.tasks.get(id))).hasCauseInstanceOf(TaskNotFound.class);
    assertThat(join(fixture.tasks.find(id))).isEmpty();
  }

  @Test
  void hidesTaskThatIsBeingDeleted() {
    TaskId id = fixture.givenStored(TaskScenario.queued());
    join(fixture.execute(id, new Command.Delete("ann")));

    assertThat(join(fixture.tasks.find(id))).isEmpty();
    assertThatThrownBy(joining(fixture.tasks.get(id))).hasCauseInstanceOf(TaskNotFound.class);
  }

  @Test
  void removesDeletedTaskWithItsLastEffect() {
    TaskId id = fixture.givenStored(TaskScenario.queued());
    join(fixture.execute(id, new Command.AddDependent(new TaskId("x"))));
    Task deleted = join(fixture.execute(id, new Command.Delete("ann"))).task();
    List<String> effects = deleted.outbox().stream().map(PendingEffect::id).toList();
    join(fixture.execute(id, new Command.EffectsDone(Set.of(effects.get(0)))));
    assertThat(fixture.store.contains(id)).isTrue();

    join(fixture.execute(id, new Command.EffectsDone(Set.of(effects.get(1)))));

    assertThat(fixture.store.contains(id)).isFalse();
    assertThatThrownBy(joining(fixture.execute(id, new Command.Retry("ann"))))
        .hasCauseInstanceOf(TaskNotFound.class);
  }

  @Test
  void executesObservedCommandOnCurrentVersion() {
    TaskId id = fixture.givenStored(TaskScenario.running());

    Decision decision =
        join(fixture.tasks.execute(fixture.store.versioned(id), new Command.LeaseLost()));

    assertThat(decision.task().run().attempt()).isEqualTo(2);
  }

  @Test
  void ignoresObservedCommandOnChangedTask() {
    TaskScenario scenario = TaskScenario.running();
    TaskId id = fixture.givenStored(scenario);
    Versioned<Task> seen = fixture.store.versioned(id);
    join(fixture.execute(id, scenario.heartbeat()));
    Task current = fixture.store.task(id);

    Decision decision = join(fixture.tasks.execute(seen, new Command.LeaseLost()));

    assertThat(decision).isEqualTo(new Decision.Unchanged(current));
    assertThat(fixture.store.task(id)).isEqualTo(current);
  }

  @Test
  void rejectsObservedCommandWithoutVersion() {
    assertThatThrownBy(() -> fixture.execute(new TaskId("t"), new Command.LeaseLost()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
