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
import dev.docket.task.machine.Scene;
import dev.docket.task.machine.TaskMachine;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The desk: creation, one command at a time, effects, removal. */
class TasksTest {

  private final Desk desk = new Desk();

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static ThrowingCallable joining(CompletionStage<?> stage) {
    return () -> stage.toCompletableFuture().join();
  }

  @Test
  void newTaskIsWrittenAndDispatched() {
    Task task = Scene.created().task;

    assertThat(join(desk.tasks.create(task))).isEqualTo(task);

    assertThat(desk.store.task(task.id())).isEqualTo(task);
    assertThat(desk.performed)
        .containsExactly(new Desk.Performed(task, List.of(new Effect.Publish(1))));
  }

  @Test
  void delayedTaskIsNotDispatchedYet() {
    join(desk.tasks.create(Scene.createdFor(Scene.START.plusSeconds(60)).task));

    assertThat(desk.effects()).isEmpty();
  }

  @Test
  void delayedTaskRegistersAtOnce() {
    join(desk.tasks.create(Scene.createdFor(Scene.START.plusSeconds(60), Scene.A).task));

    assertThat(desk.effects()).containsExactly(new Effect.Register(List.of(Scene.A)));
  }

  @Test
  void idThatIsTakenNamesWhoHasIt() {
    TaskId id = desk.given(Scene.queued());
    Task other = desk.store.task(id);
    Task again = TaskMachine.create(id, other.spec(), List.of(), null, desk.moment());

    assertThatThrownBy(joining(desk.tasks.create(again)))
        .hasCauseInstanceOf(TaskExists.class)
        .cause()
        .extracting(e -> ((TaskExists) e).existing())
        .isEqualTo(other);
    assertThat(desk.effects()).isEmpty();
  }

  @Test
  void creationWhoseFateIsUnknownFails() {
    desk.store.next(ScriptedTaskStore.WRITE_LOST);

    assertThatThrownBy(joining(desk.tasks.create(Scene.created().task)))
        .hasCauseInstanceOf(StoreUnavailable.class);
  }

  @Test
  void ownCreationIsRecognisedAfterItsAnswerGotLost() {
    Task task = Scene.created().task;
    desk.store.next(ScriptedTaskStore.ANSWER_LOST);
    assertThatThrownBy(joining(desk.tasks.create(task))).hasCauseInstanceOf(StoreUnavailable.class);

    assertThat(join(desk.tasks.create(task))).isEqualTo(task);
    assertThat(desk.effects()).containsExactly(new Effect.Publish(1));
  }

  @Test
  void creationThatTheStoreRefusesIsUnstorable() {
    desk.store.refuseForGood(task -> true);

    assertThatThrownBy(joining(desk.tasks.create(Scene.created().task)))
        .hasCauseInstanceOf(Unstorable.class);
  }

  @Test
  void commandIsWrittenAndItsEffectsAreDone() {
    TaskId id = desk.given(Scene.running());
    Command complete =
        new Command.Complete(1, desk.store.task(id).run(), "c1", "w", "ok", Scene.results(1));

    Decision decision = join(desk.tell(id, complete));

    assertThat(decision).isInstanceOf(Decision.Moved.class);
    assertThat(desk.store.task(id)).isEqualTo(decision.task());
    assertThat(desk.performed)
        .singleElement()
        .satisfies(
            done -> {
              assertThat(done.task()).isEqualTo(decision.task());
              assertThat(done.effects()).singleElement().isInstanceOf(Effect.StoreResults.class);
            });
  }

  @Test
  void effectsFromBeforeAreNotDoneAgain() {
    TaskId id = desk.given(Scene.done(1));

    join(desk.tell(id, new Command.Reset("ann")));

    assertThat(desk.effects()).containsExactly(new Effect.Publish(2));
  }

  @Test
  void messageOfADelayedRunIsNotSentYetButAllElseIsDone() {
    Scene scene = Scene.running();
    TaskId id = desk.given(scene);

    join(desk.tell(id, scene.fail(TaskState.UNFINISHED_DEPENDENCY)));

    assertThat(desk.effects()).containsExactly(new Effect.Register(List.of()));
    assertThat(desk.store.task(id).outbox()).hasSize(2);
  }

  @Test
  void effectsThatCannotBeDoneAreNoReasonToFail() {
    Outbox broken =
        (task, effects) -> {
          throw new IllegalStateException("broken");
        };
    Tasks tasks = new Tasks(desk.store, desk, desk::moment, broken);
    Task task = Scene.created().task;

    assertThat(join(tasks.create(task))).isEqualTo(task);
    assertThat(join(tasks.tell(task.id(), new Command.Reset("ann"))).refused()).isFalse();
  }

  @Test
  void refusalIsAnAnswerAndWritesNothing() {
    TaskId id = desk.given(Scene.done(0));

    assertThat(join(desk.tell(id, new Command.Cancel("ann"))).refused()).isTrue();
    assertThat(desk.store.writes).isZero();
  }

  @Test
  void refusalThatIsCountedIsWritten() {
    Scene scene = Scene.running();
    TaskId id = desk.given(scene);

    Command late = new Command.GiveBack(1, "another", "c1", "w", null);
    assertThat(join(desk.tell(id, late)).refused()).isTrue();

    assertThat(desk.store.task(id).history()).hasSize(scene.task.history().size() + 1);
    assertThat(desk.effects()).isEmpty();
  }

  @Test
  void nobodyIsThere() {
    TaskId id = new TaskId("nobody");

    assertThatThrownBy(joining(desk.tell(id, new Command.Cancel("ann"))))
        .hasCauseInstanceOf(TaskNotFound.class);
    assertThatThrownBy(joining(desk.tasks.get(id))).hasCauseInstanceOf(TaskNotFound.class);
    assertThat(join(desk.tasks.find(id))).isEmpty();
  }

  @Test
  void taskThatIsBeingDeletedIsNotThereForReaders() {
    TaskId id = desk.given(Scene.queued());
    join(desk.tell(id, new Command.Delete("ann")));

    assertThat(join(desk.tasks.find(id))).isEmpty();
    assertThatThrownBy(joining(desk.tasks.get(id))).hasCauseInstanceOf(TaskNotFound.class);
  }

  @Test
  void lastClearingWriteOfADeletedTaskIsItsRemoval() {
    TaskId id = desk.given(Scene.queued());
    Task deleted = join(desk.tell(id, new Command.Delete("ann"))).task();
    List<String> effects = deleted.outbox().stream().map(PendingEffect::id).toList();
    join(desk.tell(id, new Command.EffectsDone(Set.of(effects.get(0)))));
    assertThat(desk.store.has(id)).isTrue();

    join(desk.tell(id, new Command.EffectsDone(Set.of(effects.get(1)))));

    assertThat(desk.store.has(id)).isFalse();
    assertThatThrownBy(joining(desk.tell(id, new Command.Retry("ann"))))
        .hasCauseInstanceOf(TaskNotFound.class);
  }

  @Test
  void whatWasSeenMayBeActedUpon() {
    TaskId id = desk.given(Scene.running());

    Decision decision = join(desk.tasks.tell(desk.store.seen(id), new Command.LeaseLost()));

    assertThat(decision.task().attempt()).isEqualTo(2);
  }

  @Test
  void whatWasSeenButHasMovedOnIsLeftAlone() {
    Scene scene = Scene.running();
    TaskId id = desk.given(scene);
    Versioned<Task> seen = desk.store.seen(id);
    join(desk.tell(id, scene.heartbeat()));
    Task now = desk.store.task(id);

    Decision decision = join(desk.tasks.tell(seen, new Command.LeaseLost()));

    assertThat(decision).isEqualTo(new Decision.Unchanged(now));
    assertThat(desk.store.task(id)).isEqualTo(now);
  }

  @Test
  void whatIsDecidedByLookingMustSayWhatWasSeen() {
    assertThatThrownBy(() -> desk.tell(new TaskId("t"), new Command.LeaseLost()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
