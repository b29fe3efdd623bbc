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
import dev.docket.task.machine.TaskMachine;
import dev.docket.task.machine.TaskScenario;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The desk: creation, one command at a time, effects, removal. */
class TaskServiceTest {

  private final TaskServiceFixture fixture = new TaskServiceFixture();

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static ThrowingCallable joining(CompletionStage<?> stage) {
    return () -> stage.toCompletableFuture().join();
  }

  @Test
  void newTaskIsWrittenAndDispatched() {
    Task task = TaskScenario.created().task;

    assertThat(join(fixture.tasks.create(task))).isEqualTo(task);

    assertThat(fixture.store.task(task.id())).isEqualTo(task);
    assertThat(fixture.performed)
        .containsExactly(new TaskServiceFixture.Performed(task, List.of(new Effect.Publish(1))));
  }

  @Test
  void delayedTaskIsNotDispatchedYet() {
    join(fixture.tasks.create(TaskScenario.createdFor(TaskScenario.START.plusSeconds(60)).task));

    assertThat(fixture.effects()).isEmpty();
  }

  @Test
  void delayedTaskRegistersAtOnce() {
    join(
        fixture.tasks.create(
            TaskScenario.createdFor(TaskScenario.START.plusSeconds(60), TaskScenario.A).task));

    assertThat(fixture.effects()).containsExactly(new Effect.Register(List.of(TaskScenario.A)));
  }

  @Test
  void idThatIsTakenNamesWhoHasIt() {
    TaskId id = fixture.given(TaskScenario.queued());
    Task other = fixture.store.task(id);
    Task again = TaskMachine.create(id, other.spec(), List.of(), null, fixture.context());

    assertThatThrownBy(joining(fixture.tasks.create(again)))
        .hasCauseInstanceOf(TaskExists.class)
        .cause()
        .extracting(e -> ((TaskExists) e).existing())
        .isEqualTo(other);
    assertThat(fixture.effects()).isEmpty();
  }

  @Test
  void creationWhoseFateIsUnknownFails() {
    fixture.store.next(ScriptedTaskStore.WRITE_LOST);

    assertThatThrownBy(joining(fixture.tasks.create(TaskScenario.created().task)))
        .hasCauseInstanceOf(StoreUnavailable.class);
  }

  @Test
  void ownCreationIsRecognisedAfterItsAnswerGotLost() {
    Task task = TaskScenario.created().task;
    fixture.store.next(ScriptedTaskStore.ANSWER_LOST);
    assertThatThrownBy(joining(fixture.tasks.create(task)))
        .hasCauseInstanceOf(StoreUnavailable.class);

    assertThat(join(fixture.tasks.create(task))).isEqualTo(task);
    assertThat(fixture.effects()).containsExactly(new Effect.Publish(1));
  }

  @Test
  void creationThatTheStoreRefusesIsUnstorable() {
    fixture.store.refuseForGood(task -> true);

    assertThatThrownBy(joining(fixture.tasks.create(TaskScenario.created().task)))
        .hasCauseInstanceOf(Unstorable.class);
  }

  @Test
  void commandIsWrittenAndItsEffectsAreDone() {
    TaskId id = fixture.given(TaskScenario.running());
    Command complete =
        new Command.Complete(
            1, fixture.store.task(id).run(), "c1", "w", "ok", TaskScenario.results(1));

    Decision decision = join(fixture.execute(id, complete));

    assertThat(decision).isInstanceOf(Decision.Moved.class);
    assertThat(fixture.store.task(id)).isEqualTo(decision.task());
    assertThat(fixture.performed)
        .singleElement()
        .satisfies(
            done -> {
              assertThat(done.task()).isEqualTo(decision.task());
              assertThat(done.effects()).singleElement().isInstanceOf(Effect.StoreResults.class);
            });
  }

  @Test
  void effectsFromBeforeAreNotDoneAgain() {
    TaskId id = fixture.given(TaskScenario.done(1));

    join(fixture.execute(id, new Command.Reset("ann")));

    assertThat(fixture.effects()).containsExactly(new Effect.Publish(2));
  }

  @Test
  void messageOfADelayedRunIsNotSentYetButAllElseIsDone() {
    TaskScenario scenario = TaskScenario.running();
    TaskId id = fixture.given(scenario);

    join(fixture.execute(id, scenario.fail(TaskState.UNFINISHED_DEPENDENCY)));

    assertThat(fixture.effects()).containsExactly(new Effect.Register(List.of()));
    assertThat(fixture.store.task(id).outbox()).hasSize(2);
  }

  @Test
  void effectsThatCannotBeDoneAreNoReasonToFail() {
    Outbox broken =
        (task, effects) -> {
          throw new IllegalStateException("broken");
        };
    TaskService tasks = new TaskService(fixture.store, fixture, fixture::context, broken);
    Task task = TaskScenario.created().task;

    assertThat(join(tasks.create(task))).isEqualTo(task);
    assertThat(join(tasks.execute(task.id(), new Command.Reset("ann"))).refused()).isFalse();
  }

  @Test
  void refusalIsAnAnswerAndWritesNothing() {
    TaskId id = fixture.given(TaskScenario.done(0));

    assertThat(join(fixture.execute(id, new Command.Cancel("ann"))).refused()).isTrue();
    assertThat(fixture.store.writes).isZero();
  }

  @Test
  void refusalThatIsCountedIsWritten() {
    TaskScenario scenario = TaskScenario.running();
    TaskId id = fixture.given(scenario);

    Command late = new Command.GiveBack(1, "another", "c1", "w", null);
    assertThat(join(fixture.execute(id, late)).refused()).isTrue();

    assertThat(fixture.store.task(id).history()).hasSize(scenario.task.history().size() + 1);
    assertThat(fixture.effects()).isEmpty();
  }

  @Test
  void nobodyIsThere() {
    TaskId id = new TaskId("nobody");

    assertThatThrownBy(joining(fixture.execute(id, new Command.Cancel("ann"))))
        .hasCauseInstanceOf(TaskNotFound.class);
    assertThatThrownBy(joining(fixture.tasks.get(id))).hasCauseInstanceOf(TaskNotFound.class);
    assertThat(join(fixture.tasks.find(id))).isEmpty();
  }

  @Test
  void taskThatIsBeingDeletedIsNotThereForReaders() {
    TaskId id = fixture.given(TaskScenario.queued());
    join(fixture.execute(id, new Command.Delete("ann")));

    assertThat(join(fixture.tasks.find(id))).isEmpty();
    assertThatThrownBy(joining(fixture.tasks.get(id))).hasCauseInstanceOf(TaskNotFound.class);
  }

  @Test
  void lastClearingWriteOfADeletedTaskIsItsRemoval() {
    TaskId id = fixture.given(TaskScenario.queued());
    Task deleted = join(fixture.execute(id, new Command.Delete("ann"))).task();
    List<String> effects = deleted.outbox().stream().map(PendingEffect::id).toList();
    join(fixture.execute(id, new Command.EffectsDone(Set.of(effects.get(0)))));
    assertThat(fixture.store.has(id)).isTrue();

    join(fixture.execute(id, new Command.EffectsDone(Set.of(effects.get(1)))));

    assertThat(fixture.store.has(id)).isFalse();
    assertThatThrownBy(joining(fixture.execute(id, new Command.Retry("ann"))))
        .hasCauseInstanceOf(TaskNotFound.class);
  }

  @Test
  void whatWasSeenMayBeActedUpon() {
    TaskId id = fixture.given(TaskScenario.running());

    Decision decision =
        join(fixture.tasks.execute(fixture.store.seen(id), new Command.LeaseLost()));

    assertThat(decision.task().attempt()).isEqualTo(2);
  }

  @Test
  void whatWasSeenButHasMovedOnIsLeftAlone() {
    TaskScenario scenario = TaskScenario.running();
    TaskId id = fixture.given(scenario);
    Versioned<Task> seen = fixture.store.seen(id);
    join(fixture.execute(id, scenario.heartbeat()));
    Task now = fixture.store.task(id);

    Decision decision = join(fixture.tasks.execute(seen, new Command.LeaseLost()));

    assertThat(decision).isEqualTo(new Decision.Unchanged(now));
    assertThat(fixture.store.task(id)).isEqualTo(now);
  }

  @Test
  void whatIsDecidedByLookingMustSayWhatWasSeen() {
    assertThatThrownBy(() -> fixture.execute(new TaskId("t"), new Command.LeaseLost()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
