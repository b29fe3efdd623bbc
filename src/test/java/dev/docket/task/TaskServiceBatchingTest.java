package dev.docket.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.store.StoreUnavailable;
import dev.docket.store.Versioned;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.TaskMachine;
import dev.docket.task.machine.TaskScenario;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is told to one task while a write for it is under way shares the next one. */
class TaskServiceBatchingTest {

  private final TaskServiceFixture fixture = new TaskServiceFixture();
  private final TaskScenario scenario = TaskScenario.running();
  private final TaskId id = fixture.given(scenario);

  /** A write is under way, and stays so until the store is released. */
  private void whileWriting() {
    fixture.store.hold();
    fixture.post(id, new Command.AddDependent(new TaskId("first")));
  }

  private static Command dependent(int number) {
    return new Command.AddDependent(new TaskId("x" + number));
  }

  @Test
  void severalCommandsAreOneWrite() {
    whileWriting();
    List<CompletableFuture<Decision>> answers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      answers.add(fixture.execute(id, dependent(i)));
    }
    assertThat(answers).noneMatch(CompletableFuture::isDone);

    fixture.store.release();

    assertThat(answers).allSatisfy(a -> assertThat(a.join()).isInstanceOf(Decision.Moved.class));
    assertThat(fixture.store.task(id).dependents()).hasSize(11);
    assertThat(fixture.store.writes).isEqualTo(2);
  }

  @Test
  void eachHasItsOwnOutcomeAndARefusalDoesNotStopThoseBehindIt() {
    whileWriting();
    CompletableFuture<Decision> again = fixture.execute(id, scenario.claim("c1"));
    CompletableFuture<Decision> other = fixture.execute(id, scenario.claim("c2"));
    CompletableFuture<Decision> beat = fixture.execute(id, scenario.heartbeat());
    CompletableFuture<Decision> late =
        fixture.execute(id, new Command.GiveBack(9, "never", "c1", "w", null));
    CompletableFuture<Decision> done = fixture.execute(id, scenario.complete(1));
    CompletableFuture<Decision> repeated = fixture.execute(id, scenario.complete(1));
    fixture.store.release();

    assertThat(again.join()).isInstanceOf(Decision.Unchanged.class);
    assertThat(other.join().refused()).isTrue();
    assertThat(beat.join()).isInstanceOf(Decision.Moved.class);
    assertThat(late.join().refused()).isTrue();
    assertThat(done.join()).isInstanceOf(Decision.Moved.class);
    assertThat(repeated.join()).isInstanceOf(Decision.Unchanged.class);
    Task task = fixture.store.task(id);
    assertThat(task.state()).isEqualTo(TaskState.SUCCESS);
    assertThat(task.history()).anyMatch(line -> line.by().equals("refused give_back"));
    assertThat(task.outbox()).hasSize(2);
    assertThat(fixture.store.writes).isEqualTo(2);
  }

  @Test
  void theyAreDecidedInOrderOfArrival() {
    whileWriting();
    CompletableFuture<Decision> failed = fixture.execute(id, scenario.fail(TaskState.ERROR));
    CompletableFuture<Decision> late = fixture.execute(id, scenario.complete(1));
    fixture.store.release();

    assertThat(failed.join()).isInstanceOf(Decision.Moved.class);
    assertThat(late.join().refused()).isTrue();
    assertThat(fixture.store.task(id).state()).isEqualTo(TaskState.ERROR);
  }

  @Test
  void effectsOfAFoldAreDoneOnceForTheTaskThatWasWritten() {
    whileWriting();
    fixture.post(id, scenario.complete(1));
    fixture.post(id, new Command.Reset("ann"));
    fixture.store.release();

    assertThat(fixture.performed)
        .singleElement()
        .satisfies(
            performed -> {
              assertThat(performed.task()).isEqualTo(fixture.store.task(id));
              assertThat(performed.effects())
                  .extracting(effect -> effect.getClass().getSimpleName())
                  .containsExactly("StoreResults", "Publish");
            });
  }

  @Test
  void conflictDecidesTheWholeFoldAgain() {
    whileWriting();
    CompletableFuture<Decision> beat = fixture.execute(id, scenario.heartbeat());
    CompletableFuture<Decision> done = fixture.execute(id, scenario.complete(1));
    fixture.store.next(now());
    fixture.store.meanwhile(this::reset);
    fixture.store.release();

    assertThat(beat.join().refused()).isTrue();
    assertThat(done.join().refused()).isTrue();
    Task task = fixture.store.task(id);
    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.results()).isNull();
  }

  private static ScriptedTaskStore.Twist now() {
    return write -> write.get();
  }

  /** As another server would do it. */
  private void reset() {
    Task task = fixture.store.task(id);
    fixture.store.put(
        TaskMachine.apply(task, new Command.Reset("bob"), TaskScenario.CLAIMS, fixture.context())
            .task());
  }

  @Test
  void whatWasDecidedByLookingIsNeverFolded() {
    whileWriting();
    fixture.post(id, dependent(1));
    CompletableFuture<Decision> observed =
        fixture
            .tasks
            .execute(fixture.store.seen(id), new Command.LeaseLost())
            .toCompletableFuture();
    CompletableFuture<Decision> behind = fixture.execute(id, dependent(2));
    fixture.store.release();

    assertThat(observed.join()).isInstanceOf(Decision.Unchanged.class);
    assertThat(behind.join()).isInstanceOf(Decision.Moved.class);
    assertThat(fixture.store.task(id).attempt()).isEqualTo(1);
    assertThat(fixture.store.writes).isEqualTo(3);
  }

  @Test
  void whatWasDecidedByLookingIsDroppedOnAConflict() {
    Versioned<Task> seen = fixture.store.seen(id);
    fixture.store.meanwhile(this::reset);

    Decision decision =
        fixture.tasks.execute(seen, new Command.LeaseLost()).toCompletableFuture().join();

    assertThat(decision).isInstanceOf(Decision.Unchanged.class);
    assertThat(fixture.store.task(id).failures()).isZero();
    assertThat(fixture.store.writes).isEqualTo(1);
  }

  @Test
  void writeWhoseFateIsUnknownFailsAllThatSharedIt() {
    whileWriting();
    CompletableFuture<Decision> one = fixture.execute(id, dependent(1));
    CompletableFuture<Decision> two = fixture.execute(id, dependent(2));
    fixture.store.next(now());
    fixture.store.next(ScriptedTaskStore.WRITE_LOST);
    fixture.store.release();

    assertThatThrownBy(one::join).hasCauseInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(two::join).hasCauseInstanceOf(StoreUnavailable.class);
    assertThat(fixture.execute(id, dependent(3)).join()).isInstanceOf(Decision.Moved.class);
  }

  @Test
  void claimIsGrantedAgainAfterItsAnswerGotLost() {
    TaskScenario queued = TaskScenario.queued();
    fixture.given(queued);
    fixture.store.next(ScriptedTaskStore.ANSWER_LOST);
    assertThatThrownBy(fixture.execute(id, queued.claim("c1"))::join)
        .hasCauseInstanceOf(StoreUnavailable.class);

    assertThat(fixture.execute(id, queued.claim("c1")).join())
        .isInstanceOf(Decision.Unchanged.class);
    assertThat(fixture.execute(id, queued.claim("c2")).join().refused()).isTrue();
  }

  @Test
  void completionIsTakenOnceThoughItsAnswerGotLost() {
    fixture.store.next(ScriptedTaskStore.ANSWER_LOST);
    assertThatThrownBy(fixture.execute(id, scenario.complete(2))::join)
        .hasCauseInstanceOf(StoreUnavailable.class);

    assertThat(fixture.execute(id, scenario.complete(2)).join())
        .isInstanceOf(Decision.Unchanged.class);
    assertThat(fixture.store.task(id).outbox()).hasSize(1);
  }

  @Test
  void storeThatIsAwayFailsWhatIsTold() {
    fixture.store.goAway(true);
    assertThatThrownBy(fixture.execute(id, dependent(1))::join)
        .hasCauseInstanceOf(StoreUnavailable.class);

    fixture.store.goAway(false);
    assertThat(fixture.execute(id, dependent(1)).join()).isInstanceOf(Decision.Moved.class);
  }

  @Test
  void whoIsAlwaysTooLateGivesUpSomeDay() {
    for (int i = 0; i < 60; i++) {
      fixture.store.meanwhile(() -> fixture.store.put(fixture.store.task(id)));
    }

    assertThatThrownBy(fixture.execute(id, dependent(1))::join)
        .hasCauseInstanceOf(StoreUnavailable.class);
  }
}
