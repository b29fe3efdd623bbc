package dev.docket.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.store.StoreUnavailable;
import dev.docket.store.Versioned;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.TaskMachine;
import dev.docket.task.machine.TaskScenario;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Commands for one task that arrive during a write share the next write. */
class TaskServiceBatchingTest {

  private final TaskServiceFixture fixture = new TaskServiceFixture();
  private final TaskScenario scenario = TaskScenario.running();
  private final TaskId id = fixture.givenStored(scenario);

  /** Starts a write that stays in flight until the store is released. */
  private void startWrite() {
    fixture.store.holdWrites();
    fixture.executeAndIgnore(id, new Command.AddDependent(new TaskId("first")));
  }

  private static Command addDependent(int number) {
    return new Command.AddDependent(new TaskId("x" + number));
  }

  @Test
  void batchesCommandsIntoOneWrite() {
    startWrite();
    List<CompletableFuture<Decision>> decisions = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      decisions.add(fixture.execute(id, addDependent(i)));
    }
    assertThat(decisions).noneMatch(CompletableFuture::isDone);

    fixture.store.releaseWrites();

    assertThat(decisions)
        .allSatisfy(decision -> assertThat(decision.join()).isInstanceOf(Decision.Changed.class));
    assertThat(fixture.store.task(id).dependents()).hasSize(11);
    assertThat(fixture.store.writes).isEqualTo(2);
  }

  @Test
  void decidesEachCommandDespiteRefusals() {
    startWrite();
    CompletableFuture<Decision> sameClaim = fixture.execute(id, scenario.claim("c1"));
    CompletableFuture<Decision> otherClaim = fixture.execute(id, scenario.claim("c2"));
    CompletableFuture<Decision> heartbeat = fixture.execute(id, scenario.heartbeat());
    CompletableFuture<Decision> late =
        fixture.execute(
            id, new Command.GiveBack(new Reporter(new RunRef(9, "never"), "c1", "w"), null));
    CompletableFuture<Decision> done = fixture.execute(id, scenario.complete(1));
    CompletableFuture<Decision> repeated = fixture.execute(id, scenario.complete(1));
    fixture.store.releaseWrites();

    assertThat(sameClaim.join()).isInstanceOf(Decision.Unchanged.class);
    assertThat(otherClaim.join().refused()).isTrue();
    assertThat(heartbeat.join()).isInstanceOf(Decision.Changed.class);
    assertThat(late.join().refused()).isTrue();
    assertThat(done.join()).isInstanceOf(Decision.Changed.class);
    assertThat(repeated.join()).isInstanceOf(Decision.Unchanged.class);
    Task task = fixture.store.task(id);
    assertThat(task.state()).isEqualTo(TaskState.SUCCESS);
    assertThat(task.history()).anyMatch(line -> line.by().equals("refused give_back"));
    assertThat(task.outbox()).hasSize(2);
    assertThat(fixture.store.writes).isEqualTo(2);
  }

  @Test
  void decidesInOrderOfArrival() {
    startWrite();
    CompletableFuture<Decision> failed = fixture.execute(id, scenario.fail(TaskState.ERROR));
    CompletableFuture<Decision> late = fixture.execute(id, scenario.complete(1));
    fixture.store.releaseWrites();

    assertThat(failed.join()).isInstanceOf(Decision.Changed.class);
    assertThat(late.join().refused()).isTrue();
    assertThat(fixture.store.task(id).state()).isEqualTo(TaskState.ERROR);
  }

  @Test
  void performsEffectsOfBatchOnce() {
    startWrite();
    fixture.executeAndIgnore(id, scenario.complete(1));
    fixture.executeAndIgnore(id, new Command.Reset("ann"));
    fixture.store.releaseWrites();

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
  void conflictDecidesWholeBatchAgain() {
    startWrite();
    CompletableFuture<Decision> heartbeat = fixture.execute(id, scenario.heartbeat());
    CompletableFuture<Decision> done = fixture.execute(id, scenario.complete(1));
    fixture.store.onNextWrite(passThrough());
    fixture.store.beforeNextWrite(this::resetOnOtherServer);
    fixture.store.releaseWrites();

    assertThat(heartbeat.join().refused()).isTrue();
    assertThat(done.join().refused()).isTrue();
    Task task = fixture.store.task(id);
    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.resultRuns()).isEmpty();
  }

  private static ScriptedTaskStore.WriteBehavior passThrough() {
    return write -> write.get();
  }

  /** Resets the task as another server would. */
  private void resetOnOtherServer() {
    Task task = fixture.store.task(id);
    fixture.store.put(
        TaskMachine.apply(task, new Command.Reset("bob"), TaskScenario.CLAIMS, fixture.context())
            .task());
  }

  @Test
  void neverBatchesObservedCommands() {
    startWrite();
    fixture.executeAndIgnore(id, addDependent(1));
    CompletableFuture<Decision> observed =
        fixture
            .tasks
            .execute(fixture.store.versioned(id), new Command.LeaseLost())
            .toCompletableFuture();
    CompletableFuture<Decision> next = fixture.execute(id, addDependent(2));
    fixture.store.releaseWrites();

    assertThat(observed.join()).isInstanceOf(Decision.Unchanged.class);
    assertThat(next.join()).isInstanceOf(Decision.Changed.class);
    assertThat(fixture.store.task(id).run().attempt()).isEqualTo(1);
    assertThat(fixture.store.writes).isEqualTo(3);
  }

  @Test
  void dropsObservedCommandOnConflict() {
    Versioned<Task> seen = fixture.store.versioned(id);
    fixture.store.beforeNextWrite(this::resetOnOtherServer);

    Decision decision =
        fixture.tasks.execute(seen, new Command.LeaseLost()).toCompletableFuture().join();

    assertThat(decision).isInstanceOf(Decision.Unchanged.class);
    assertThat(fixture.store.task(id).run().failures()).isZero();
    assertThat(fixture.store.writes).isEqualTo(1);
  }

  @Test
  void unknownOutcomeFailsWholeBatch() {
    startWrite();
    CompletableFuture<Decision> one = fixture.execute(id, addDependent(1));
    CompletableFuture<Decision> two = fixture.execute(id, addDependent(2));
    fixture.store.onNextWrite(passThrough());
    fixture.store.onNextWrite(ScriptedTaskStore.WRITE_LOST);
    fixture.store.releaseWrites();

    assertThatThrownBy(one::join).hasCauseInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(two::join).hasCauseInstanceOf(StoreUnavailable.class);
    assertThat(fixture.execute(id, addDependent(3)).join()).isInstanceOf(Decision.Changed.class);
  }

  @Test
  void grantsClaimAgainAfterLostResponse() {
    TaskScenario queued = TaskScenario.queued();
    fixture.givenStored(queued);
    fixture.store.onNextWrite(ScriptedTaskStore.RESPONSE_LOST);
    assertThatThrownBy(fixture.execute(id, queued.claim("c1"))::join)
        .hasCauseInstanceOf(StoreUnavailable.class);

    assertThat(fixture.execute(id, queued.claim("c1")).join())
        .isInstanceOf(Decision.Unchanged.class);
    assertThat(fixture.execute(id, queued.claim("c2")).join().refused()).isTrue();
  }

  @Test
  void acceptsCompletionOnceAfterLostResponse() {
    fixture.store.onNextWrite(ScriptedTaskStore.RESPONSE_LOST);
    assertThatThrownBy(fixture.execute(id, scenario.complete(2))::join)
        .hasCauseInstanceOf(StoreUnavailable.class);

    assertThat(fixture.execute(id, scenario.complete(2)).join())
        .isInstanceOf(Decision.Unchanged.class);
    assertThat(fixture.store.task(id).outbox()).hasSize(1);
  }

  @Test
  void unavailableStoreFailsCommands() {
    fixture.store.setUnavailable(true);
    assertThatThrownBy(fixture.execute(id, addDependent(1))::join)
        .hasCauseInstanceOf(StoreUnavailable.class);

    fixture.store.setUnavailable(false);
    assertThat(fixture.execute(id, addDependent(1)).join()).isInstanceOf(Decision.Changed.class);
  }

  @Test
  void givesUpAfterManyConflicts() {
    for (int i = 0; i < 60; i++) {
      fixture.store.beforeNextWrite(() -> fixture.store.put(fixture.store.task(id)));
    }

    assertThatThrownBy(fixture.execute(id, addDependent(1))::join)
        .hasCauseInstanceOf(StoreUnavailable.class);
  }
}
