package dev.docket.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.store.StoreUnavailable;
import dev.docket.store.Versioned;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.Scene;
import dev.docket.task.machine.TaskMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is told to one task while a write for it is under way shares the next one. */
class TasksFoldTest {

  private final Desk desk = new Desk();
  private final Scene scene = Scene.running();
  private final TaskId id = desk.given(scene);

  /** A write is under way, and stays so until the store is released. */
  private void whileWriting() {
    desk.store.hold();
    desk.post(id, new Command.AddDependent(new TaskId("first")));
  }

  private static Command dependent(int number) {
    return new Command.AddDependent(new TaskId("x" + number));
  }

  @Test
  void severalCommandsAreOneWrite() {
    whileWriting();
    List<CompletableFuture<Decision>> answers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      answers.add(desk.tell(id, dependent(i)));
    }
    assertThat(answers).noneMatch(CompletableFuture::isDone);

    desk.store.release();

    assertThat(answers).allSatisfy(a -> assertThat(a.join()).isInstanceOf(Decision.Moved.class));
    assertThat(desk.store.task(id).dependents()).hasSize(11);
    assertThat(desk.store.writes).isEqualTo(2);
  }

  @Test
  void eachHasItsOwnOutcomeAndARefusalDoesNotStopThoseBehindIt() {
    whileWriting();
    CompletableFuture<Decision> again = desk.tell(id, scene.claim("c1"));
    CompletableFuture<Decision> other = desk.tell(id, scene.claim("c2"));
    CompletableFuture<Decision> beat = desk.tell(id, scene.heartbeat());
    CompletableFuture<Decision> late =
        desk.tell(id, new Command.GiveBack(9, "never", "c1", "w", null));
    CompletableFuture<Decision> done = desk.tell(id, scene.complete(1));
    CompletableFuture<Decision> repeated = desk.tell(id, scene.complete(1));
    desk.store.release();

    assertThat(again.join()).isInstanceOf(Decision.Unchanged.class);
    assertThat(other.join().refused()).isTrue();
    assertThat(beat.join()).isInstanceOf(Decision.Moved.class);
    assertThat(late.join().refused()).isTrue();
    assertThat(done.join()).isInstanceOf(Decision.Moved.class);
    assertThat(repeated.join()).isInstanceOf(Decision.Unchanged.class);
    Task task = desk.store.task(id);
    assertThat(task.state()).isEqualTo(TaskState.SUCCESS);
    assertThat(task.history()).anyMatch(line -> line.by().equals("refused give_back"));
    assertThat(task.outbox()).hasSize(2);
    assertThat(desk.store.writes).isEqualTo(2);
  }

  @Test
  void theyAreDecidedInOrderOfArrival() {
    whileWriting();
    CompletableFuture<Decision> failed = desk.tell(id, scene.fail(TaskState.ERROR));
    CompletableFuture<Decision> late = desk.tell(id, scene.complete(1));
    desk.store.release();

    assertThat(failed.join()).isInstanceOf(Decision.Moved.class);
    assertThat(late.join().refused()).isTrue();
    assertThat(desk.store.task(id).state()).isEqualTo(TaskState.ERROR);
  }

  @Test
  void effectsOfAFoldAreDoneOnceForTheTaskThatWasWritten() {
    whileWriting();
    desk.post(id, scene.complete(1));
    desk.post(id, new Command.Reset("ann"));
    desk.store.release();

    assertThat(desk.performed)
        .singleElement()
        .satisfies(
            performed -> {
              assertThat(performed.task()).isEqualTo(desk.store.task(id));
              assertThat(performed.effects())
                  .extracting(effect -> effect.getClass().getSimpleName())
                  .containsExactly("StoreResults", "Publish");
            });
  }

  @Test
  void conflictDecidesTheWholeFoldAgain() {
    whileWriting();
    CompletableFuture<Decision> beat = desk.tell(id, scene.heartbeat());
    CompletableFuture<Decision> done = desk.tell(id, scene.complete(1));
    desk.store.next(now());
    desk.store.meanwhile(this::reset);
    desk.store.release();

    assertThat(beat.join().refused()).isTrue();
    assertThat(done.join().refused()).isTrue();
    Task task = desk.store.task(id);
    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.results()).isNull();
  }

  private static ScriptedTaskStore.Twist now() {
    return write -> write.get();
  }

  /** As another server would do it. */
  private void reset() {
    Task task = desk.store.task(id);
    desk.store.put(
        TaskMachine.apply(task, new Command.Reset("bob"), Scene.CLAIMS, desk.moment()).task());
  }

  @Test
  void whatWasDecidedByLookingIsNeverFolded() {
    whileWriting();
    desk.post(id, dependent(1));
    CompletableFuture<Decision> observed =
        desk.tasks.tell(desk.store.seen(id), new Command.LeaseLost()).toCompletableFuture();
    CompletableFuture<Decision> behind = desk.tell(id, dependent(2));
    desk.store.release();

    assertThat(observed.join()).isInstanceOf(Decision.Unchanged.class);
    assertThat(behind.join()).isInstanceOf(Decision.Moved.class);
    assertThat(desk.store.task(id).attempt()).isEqualTo(1);
    assertThat(desk.store.writes).isEqualTo(3);
  }

  @Test
  void whatWasDecidedByLookingIsDroppedOnAConflict() {
    Versioned<Task> seen = desk.store.seen(id);
    desk.store.meanwhile(this::reset);

    Decision decision = desk.tasks.tell(seen, new Command.LeaseLost()).toCompletableFuture().join();

    assertThat(decision).isInstanceOf(Decision.Unchanged.class);
    assertThat(desk.store.task(id).failures()).isZero();
    assertThat(desk.store.writes).isEqualTo(1);
  }

  @Test
  void writeWhoseFateIsUnknownFailsAllThatSharedIt() {
    whileWriting();
    CompletableFuture<Decision> one = desk.tell(id, dependent(1));
    CompletableFuture<Decision> two = desk.tell(id, dependent(2));
    desk.store.next(now());
    desk.store.next(ScriptedTaskStore.WRITE_LOST);
    desk.store.release();

    assertThatThrownBy(one::join).hasCauseInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(two::join).hasCauseInstanceOf(StoreUnavailable.class);
    assertThat(desk.tell(id, dependent(3)).join()).isInstanceOf(Decision.Moved.class);
  }

  @Test
  void claimIsGrantedAgainAfterItsAnswerGotLost() {
    Scene queued = Scene.queued();
    desk.given(queued);
    desk.store.next(ScriptedTaskStore.ANSWER_LOST);
    assertThatThrownBy(desk.tell(id, queued.claim("c1"))::join)
        .hasCauseInstanceOf(StoreUnavailable.class);

    assertThat(desk.tell(id, queued.claim("c1")).join()).isInstanceOf(Decision.Unchanged.class);
    assertThat(desk.tell(id, queued.claim("c2")).join().refused()).isTrue();
  }

  @Test
  void completionIsTakenOnceThoughItsAnswerGotLost() {
    desk.store.next(ScriptedTaskStore.ANSWER_LOST);
    assertThatThrownBy(desk.tell(id, scene.complete(2))::join)
        .hasCauseInstanceOf(StoreUnavailable.class);

    assertThat(desk.tell(id, scene.complete(2)).join()).isInstanceOf(Decision.Unchanged.class);
    assertThat(desk.store.task(id).outbox()).hasSize(1);
  }

  @Test
  void storeThatIsAwayFailsWhatIsTold() {
    desk.store.goAway(true);
    assertThatThrownBy(desk.tell(id, dependent(1))::join)
        .hasCauseInstanceOf(StoreUnavailable.class);

    desk.store.goAway(false);
    assertThat(desk.tell(id, dependent(1)).join()).isInstanceOf(Decision.Moved.class);
  }

  @Test
  void whoIsAlwaysTooLateGivesUpSomeDay() {
    for (int i = 0; i < 60; i++) {
      desk.store.meanwhile(() -> desk.store.put(desk.store.task(id)));
    }

    assertThatThrownBy(desk.tell(id, dependent(1))::join)
        .hasCauseInstanceOf(StoreUnavailable.class);
  }
}
