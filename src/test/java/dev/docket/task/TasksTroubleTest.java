package dev.docket.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.store.Unstorable;
import dev.docket.store.Versioned;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.Scene;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Records that the store refuses for good, and other things that should not happen. */
class TasksTroubleTest {

  private static final int BAD = 13;

  private final Desk desk = new Desk();
  private final Scene scene = Scene.running();
  private final TaskId id = desk.given(scene);

  private Command badProgress() {
    return scene.progress(BAD, null, null);
  }

  private static Command dependent(int number) {
    return new Command.AddDependent(new TaskId("x" + number));
  }

  private void refuseBadProgress() {
    desk.store.refuseForGood(
        task -> task.progress() != null && task.progress() == BAD && !task.state().isFinished());
  }

  @Test
  void recordThatIsRefusedForGoodEndsTheTaskWithTheReason() {
    refuseBadProgress();

    Decision decision = desk.tell(id, badProgress()).join();

    assertThat(decision.refused()).isTrue();
    assertThat(((Decision.Refused) decision).why()).contains("malformed");
    Task task = desk.store.task(id);
    assertThat(task.state()).isEqualTo(TaskState.ERROR);
    assertThat(task.message()).isEqualTo("the store refuses it: malformed");
    assertThat(desk.store.writes).isEqualTo(2);
  }

  @Test
  void dependentsHearOfThatEnd() {
    desk.tell(id, dependent(1)).join();
    refuseBadProgress();

    desk.tell(id, badProgress()).join();

    assertThat(desk.effects()).containsExactly(new Effect.Wake());
  }

  @Test
  void neighboursInTheFoldComeToNoHarm() {
    refuseBadProgress();
    desk.store.hold();
    desk.post(id, dependent(0));
    CompletableFuture<Decision> before = desk.tell(id, dependent(1));
    CompletableFuture<Decision> bad = desk.tell(id, badProgress());
    CompletableFuture<Decision> behind = desk.tell(id, dependent(2));
    desk.store.release();

    assertThat(before.join()).isInstanceOf(Decision.Moved.class);
    assertThat(bad.join().refused()).isTrue();
    assertThat(behind.join()).isInstanceOf(Decision.Moved.class);
    assertThat(desk.store.task(id).dependents()).hasSize(3);
    assertThat(desk.store.task(id).state()).isEqualTo(TaskState.ERROR);
  }

  @Test
  void neighboursComeToNoHarmEvenIfTheEndIsRefusedToo() {
    desk.store.hold();
    desk.post(id, dependent(0));
    CompletableFuture<Decision> bad = desk.tell(id, badProgress());
    CompletableFuture<Decision> behind = desk.tell(id, dependent(2));
    desk.store.refuseForGood(
        task ->
            (task.progress() != null && task.progress() == BAD)
                || task.message().contains("malformed"));
    desk.store.release();

    assertThatThrownBy(bad::join).hasCauseInstanceOf(Unstorable.class);
    assertThat(behind.join()).isInstanceOf(Decision.Moved.class);
    assertThat(desk.store.task(id).state()).isEqualTo(TaskState.PROCESSING);
  }

  @Test
  void taskThatHasEndedStaysAsItEnded() {
    TaskId done = desk.given(Scene.done(0));
    desk.store.refuseForGood(task -> !task.dependents().isEmpty());

    assertThatThrownBy(desk.tell(done, dependent(1))::join).hasCauseInstanceOf(Unstorable.class);
    assertThat(desk.store.task(done).state()).isEqualTo(TaskState.SUCCESS);
  }

  @Test
  void whoeverIsLateIsNotToBlame() {
    refuseBadProgress();
    desk.store.next(write -> write.get());
    desk.store.meanwhile(() -> desk.store.put(Scene.queued().task));

    Decision decision = desk.tell(id, badProgress()).join();

    assertThat(decision.refused()).isTrue();
    assertThat(desk.store.task(id).state()).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void mistakeInAPolicyIsAnAnswerAndTheNextOneIsHeard() {
    AtomicBoolean broken = new AtomicBoolean();
    Policies policies =
        new Policies() {
          @Override
          public Policy of(TaskKey key) {
            return Scene.CLAIMS;
          }

          @Override
          public Policy of(Task task) {
            if (broken.get()) {
              throw new IllegalStateException("no such courier");
            }
            return Scene.CLAIMS;
          }
        };
    Tasks tasks = new Tasks(desk.store, policies, desk::moment, desk);
    tasks.tell(id, dependent(0)).toCompletableFuture().join();
    broken.set(true);
    CompletableFuture<Decision> failed = tasks.tell(id, dependent(1)).toCompletableFuture();
    broken.set(false);

    assertThatThrownBy(failed::join).hasCauseInstanceOf(IllegalStateException.class);
    assertThat(tasks.tell(id, dependent(2)).toCompletableFuture())
        .isCompletedWithValueMatching(decision -> decision instanceof Decision.Moved);
  }

  @Test
  void longQueueOfThingsThatStandAloneIsWorkedOff() {
    Versioned<Task> seen = desk.store.seen(id);
    desk.store.hold();
    desk.post(id, dependent(0));
    List<CompletableFuture<Decision>> answers = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      answers.add(desk.tasks.tell(seen, new Command.LeaseLost()).toCompletableFuture());
    }
    desk.store.release();

    assertThat(answers)
        .allSatisfy(
            answer ->
                assertThat(answer)
                    .isCompletedWithValueMatching(d -> d instanceof Decision.Unchanged));
  }

  @Test
  void whoeverAnswersMayTellMore() {
    CompletableFuture<Decision> second =
        desk.tell(id, dependent(1)).thenCompose(first -> desk.tell(id, dependent(2)));

    assertThat(second).isCompletedWithValueMatching(d -> d instanceof Decision.Moved);
  }
}
