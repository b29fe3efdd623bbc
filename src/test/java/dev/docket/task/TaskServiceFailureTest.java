package dev.docket.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.store.Unstorable;
import dev.docket.store.Versioned;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.TaskScenario;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Records that the store refuses for good, and other things that should not happen. */
class TaskServiceFailureTest {

  private static final int BAD = 13;

  private final TaskServiceFixture fixture = new TaskServiceFixture();
  private final TaskScenario scenario = TaskScenario.running();
  private final TaskId id = fixture.given(scenario);

  private Command badProgress() {
    return scenario.progress(BAD, null, null);
  }

  private static Command dependent(int number) {
    return new Command.AddDependent(new TaskId("x" + number));
  }

  private void refuseBadProgress() {
    fixture.store.refuseForGood(
        task -> task.progress() != null && task.progress() == BAD && !task.state().isFinished());
  }

  @Test
  void recordThatIsRefusedForGoodEndsTheTaskWithTheReason() {
    refuseBadProgress();

    Decision decision = fixture.execute(id, badProgress()).join();

    assertThat(decision.refused()).isTrue();
    assertThat(((Decision.Refused) decision).why()).contains("malformed");
    Task task = fixture.store.task(id);
    assertThat(task.state()).isEqualTo(TaskState.ERROR);
    assertThat(task.message()).isEqualTo("the store refuses it: malformed");
    assertThat(fixture.store.writes).isEqualTo(2);
  }

  @Test
  void dependentsHearOfThatEnd() {
    fixture.execute(id, dependent(1)).join();
    refuseBadProgress();

    fixture.execute(id, badProgress()).join();

    assertThat(fixture.effects()).containsExactly(new Effect.Wake());
  }

  @Test
  void neighboursInTheFoldComeToNoHarm() {
    refuseBadProgress();
    fixture.store.hold();
    fixture.post(id, dependent(0));
    CompletableFuture<Decision> before = fixture.execute(id, dependent(1));
    CompletableFuture<Decision> bad = fixture.execute(id, badProgress());
    CompletableFuture<Decision> behind = fixture.execute(id, dependent(2));
    fixture.store.release();

    assertThat(before.join()).isInstanceOf(Decision.Moved.class);
    assertThat(bad.join().refused()).isTrue();
    assertThat(behind.join()).isInstanceOf(Decision.Moved.class);
    assertThat(fixture.store.task(id).dependents()).hasSize(3);
    assertThat(fixture.store.task(id).state()).isEqualTo(TaskState.ERROR);
  }

  @Test
  void neighboursComeToNoHarmEvenIfTheEndIsRefusedToo() {
    fixture.store.hold();
    fixture.post(id, dependent(0));
    CompletableFuture<Decision> bad = fixture.execute(id, badProgress());
    CompletableFuture<Decision> behind = fixture.execute(id, dependent(2));
    fixture.store.refuseForGood(
        task ->
            (task.progress() != null && task.progress() == BAD)
                || task.message().contains("malformed"));
    fixture.store.release();

    assertThatThrownBy(bad::join).hasCauseInstanceOf(Unstorable.class);
    assertThat(behind.join()).isInstanceOf(Decision.Moved.class);
    assertThat(fixture.store.task(id).state()).isEqualTo(TaskState.PROCESSING);
  }

  @Test
  void taskThatHasEndedStaysAsItEnded() {
    TaskId done = fixture.given(TaskScenario.done(0));
    fixture.store.refuseForGood(task -> !task.dependents().isEmpty());

    assertThatThrownBy(fixture.execute(done, dependent(1))::join)
        .hasCauseInstanceOf(Unstorable.class);
    assertThat(fixture.store.task(done).state()).isEqualTo(TaskState.SUCCESS);
  }

  @Test
  void whoeverIsLateIsNotToBlame() {
    refuseBadProgress();
    fixture.store.next(write -> write.get());
    fixture.store.meanwhile(() -> fixture.store.put(TaskScenario.queued().task));

    Decision decision = fixture.execute(id, badProgress()).join();

    assertThat(decision.refused()).isTrue();
    assertThat(fixture.store.task(id).state()).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void mistakeInAPolicyIsAnAnswerAndTheNextOneIsHeard() {
    AtomicBoolean broken = new AtomicBoolean();
    Policies policies =
        new Policies() {
          @Override
          public Policy of(TaskKey key) {
            return TaskScenario.CLAIMS;
          }

          @Override
          public Policy of(Task task) {
            if (broken.get()) {
              throw new IllegalStateException("no such courier");
            }
            return TaskScenario.CLAIMS;
          }
        };
    TaskService tasks = new TaskService(fixture.store, policies, fixture::context, fixture);
    tasks.execute(id, dependent(0)).toCompletableFuture().join();
    broken.set(true);
    CompletableFuture<Decision> failed = tasks.execute(id, dependent(1)).toCompletableFuture();
    broken.set(false);

    assertThatThrownBy(failed::join).hasCauseInstanceOf(IllegalStateException.class);
    assertThat(tasks.execute(id, dependent(2)).toCompletableFuture())
        .isCompletedWithValueMatching(decision -> decision instanceof Decision.Moved);
  }

  @Test
  void longQueueOfThingsThatStandAloneIsWorkedOff() {
    Versioned<Task> seen = fixture.store.seen(id);
    fixture.store.hold();
    fixture.post(id, dependent(0));
    List<CompletableFuture<Decision>> answers = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      answers.add(fixture.tasks.execute(seen, new Command.LeaseLost()).toCompletableFuture());
    }
    fixture.store.release();

    assertThat(answers)
        .allSatisfy(
            answer ->
                assertThat(answer)
                    .isCompletedWithValueMatching(d -> d instanceof Decision.Unchanged));
  }

  @Test
  void whoeverAnswersMayTellMore() {
    CompletableFuture<Decision> second =
        fixture.execute(id, dependent(1)).thenCompose(first -> fixture.execute(id, dependent(2)));

    assertThat(second).isCompletedWithValueMatching(d -> d instanceof Decision.Moved);
  }
}
