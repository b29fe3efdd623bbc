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

/** Records that the store rejects permanently, and other unexpected failures. */
class TaskServiceFailureTest {

  private static final int REJECTED_PROGRESS = 13;

  private final TaskServiceFixture fixture = new TaskServiceFixture();
  private final TaskScenario scenario = TaskScenario.running();
  private final TaskId id = fixture.givenStored(scenario);

  private Command rejectedProgress() {
    return scenario.progress(REJECTED_PROGRESS, null, null);
  }

  private static Command addDependent(int number) {
    return new Command.AddDependent(new TaskId("x" + number));
  }

  private void rejectProgress() {
    fixture.store.rejectPermanently(
        task ->
            task.run().progress() != null
                && task.run().progress() == REJECTED_PROGRESS
                && !task.state().isFinished());
  }

  @Test
  void rejectedRecordEndsTaskWithReason() {
    rejectProgress();

    Decision decision = fixture.execute(id, rejectedProgress()).join();

    assertThat(decision.refused()).isTrue();
    assertThat(((Decision.Refused) decision).detail()).contains("malformed");
    Task task = fixture.store.task(id);
    assertThat(task.state()).isEqualTo(TaskState.ERROR);
    assertThat(task.message()).isEqualTo("the store rejects the record: malformed");
    assertThat(fixture.store.writes).isEqualTo(2);
  }

  @Test
  void notifiesDependentsOfThatEnd() {
    fixture.execute(id, addDependent(1)).join();
    rejectProgress();

    fixture.execute(id, rejectedProgress()).join();

    assertThat(fixture.performedEffects()).containsExactly(new Effect.Wake());
  }

  @Test
  void doesNotAffectOtherCommandsOfBatch() {
    rejectProgress();
    fixture.store.holdWrites();
    fixture.executeAndIgnore(id, addDependent(0));
    CompletableFuture<Decision> before = fixture.execute(id, addDependent(1));
    CompletableFuture<Decision> rejected = fixture.execute(id, rejectedProgress());
    CompletableFuture<Decision> after = fixture.execute(id, addDependent(2));
    fixture.store.releaseWrites();

    assertThat(before.join()).isInstanceOf(Decision.Changed.class);
    assertThat(rejected.join().refused()).isTrue();
    assertThat(after.join()).isInstanceOf(Decision.Changed.class);
    assertThat(fixture.store.task(id).dependents()).hasSize(3);
    assertThat(fixture.store.task(id).state()).isEqualTo(TaskState.ERROR);
  }

  @Test
  void doesNotAffectOtherCommandsIfEndIsRejectedToo() {
    fixture.store.holdWrites();
    fixture.executeAndIgnore(id, addDependent(0));
    CompletableFuture<Decision> rejected = fixture.execute(id, rejectedProgress());
    CompletableFuture<Decision> after = fixture.execute(id, addDependent(2));
    fixture.store.rejectPermanently(
        task ->
            (task.run().progress() != null && task.run().progress() == REJECTED_PROGRESS)
                || task.message().contains("malformed"));
    fixture.store.releaseWrites();

    assertThatThrownBy(rejected::join).hasCauseInstanceOf(Unstorable.class);
    assertThat(after.join()).isInstanceOf(Decision.Changed.class);
    assertThat(fixture.store.task(id).state()).isEqualTo(TaskState.PROCESSING);
  }

  @Test
  void rejectedRecordDoesNotChangeEndedTask() {
    TaskId done = fixture.givenStored(TaskScenario.succeeded(0));
    fixture.store.rejectPermanently(task -> !task.dependents().isEmpty());

    assertThatThrownBy(fixture.execute(done, addDependent(1))::join)
        .hasCauseInstanceOf(Unstorable.class);
    assertThat(fixture.store.task(done).state()).isEqualTo(TaskState.SUCCESS);
  }

  @Test
  void conflictTakesPrecedenceOverRejection() {
    rejectProgress();
    fixture.store.onNextWrite(write -> write.get());
    fixture.store.beforeNextWrite(() -> fixture.store.put(TaskScenario.queued().task));

    Decision decision = fixture.execute(id, rejectedProgress()).join();

    assertThat(decision.refused()).isTrue();
    assertThat(fixture.store.task(id).state()).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void failingPolicyFailsOnlyItsCommand() {
    AtomicBoolean failing = new AtomicBoolean();
    Policies policies =
        new Policies() {
          @Override
          public Policy of(TaskKey key) {
            return TaskScenario.CLAIMS;
          }

          @Override
          public Policy of(Task task) {
            if (failing.get()) {
              throw new IllegalStateException("no such protocol");
            }
            return TaskScenario.CLAIMS;
          }
        };
    TaskService tasks =
        new TaskService(
            fixture.store,
            policies,
            fixture::context,
            fixture,
            CurrentDocuments.NEVER_CHANGED,
            List.of());
    tasks.execute(id, addDependent(0)).toCompletableFuture().join();
    failing.set(true);
    CompletableFuture<Decision> failed = tasks.execute(id, addDependent(1)).toCompletableFuture();
    failing.set(false);

    assertThatThrownBy(failed::join).hasCauseInstanceOf(IllegalStateException.class);
    assertThat(tasks.execute(id, addDependent(2)).toCompletableFuture())
        .isCompletedWithValueMatching(decision -> decision instanceof Decision.Changed);
  }

  @Test
  void processesLongQueueOfObservedCommands() {
    Versioned<Task> seen = fixture.store.versioned(id);
    fixture.store.holdWrites();
    fixture.executeAndIgnore(id, addDependent(0));
    List<CompletableFuture<Decision>> decisions = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      decisions.add(fixture.tasks.execute(seen, new Command.LeaseLost()).toCompletableFuture());
    }
    fixture.store.releaseWrites();

    assertThat(decisions)
        .allSatisfy(
            decision ->
                assertThat(decision)
                    .isCompletedWithValueMatching(d -> d instanceof Decision.Unchanged));
  }

  @Test
  void continuationMayExecuteMoreCommands() {
    CompletableFuture<Decision> second =
        fixture
            .execute(id, addDependent(1))
            .thenCompose(first -> fixture.execute(id, addDependent(2)));

    assertThat(second).isCompletedWithValueMatching(d -> d instanceof Decision.Changed);
  }
}
