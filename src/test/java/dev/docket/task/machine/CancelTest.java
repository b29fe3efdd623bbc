package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Lease;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Cancelling: immediately without a lease, otherwise when the worker has stopped. */
class CancelTest {

  private static final Command CANCEL = new Command.Cancel("ann");

  static Stream<TaskScenario> withoutWorker() {
    return Stream.of(
        TaskScenario.created(),
        TaskScenario.queued(),
        TaskScenario.unroutable(),
        TaskScenario.waiting(OnDependencyFailure.FAIL, TaskScenario.TASK_A),
        TaskScenario.delayedUntil(TaskScenario.START.plus(Duration.ofDays(1))));
  }

  @ParameterizedTest
  @MethodSource("withoutWorker")
  void cancelsTaskWithoutWorkerImmediately(TaskScenario scenario) {
    Task task = scenario.assertChanged(CANCEL);

    assertThat(task.state()).isEqualTo(TaskState.CANCELLED);
    assertThat(task.run().dueAt()).isNull();
    assertThat(scenario.effects(Effect.Publish.class)).isEmpty();
    assertThat(scenario.lastTransition().by()).isEqualTo("cancel ann");
  }

  @Test
  void asksWorkerWithLeaseToStop() {
    TaskScenario scenario = TaskScenario.running().advance(Duration.ofSeconds(3));
    Lease lease = scenario.task.run().lease();

    Task task = scenario.assertChanged(CANCEL);

    assertThat(task.state()).isEqualTo(TaskState.PROCESSING);
    assertThat(task.run().cancelRequestedAt()).isEqualTo(scenario.now);
    assertThat(task.run().lease()).isEqualTo(lease);
  }

  @Test
  void heartbeatReturnsCancelRequest() {
    TaskScenario scenario = TaskScenario.running();
    scenario.assertChanged(CANCEL);

    assertThat(scenario.execute(scenario.heartbeat()).task().run().cancelRequestedAt()).isNotNull();
  }

  @Test
  void cancelIsIdempotent() {
    TaskScenario running = TaskScenario.running();
    running.assertChanged(CANCEL);
    running.assertUnchanged(CANCEL);
    TaskScenario queued = TaskScenario.queued();
    queued.assertChanged(CANCEL);
    queued.assertUnchanged(CANCEL);
  }

  @Test
  void refusesCancelOfEndedTask() {
    assertThat(TaskScenario.succeeded(0).assertRefused(CANCEL).reason())
        .isEqualTo(Decision.Reason.ILLEGAL);
    assertThat(TaskScenario.failed().assertRefused(CANCEL).reason())
        .isEqualTo(Decision.Reason.ILLEGAL);
  }

  @Test
  void completionAfterCancelRequestSucceeds() {
    TaskScenario scenario = TaskScenario.running();
    scenario.assertChanged(CANCEL);

    Task task = scenario.assertChanged(scenario.complete(1));

    assertThat(task.state()).isEqualTo(TaskState.SUCCESS);
    assertThat(task.run().cancelRequestedAt()).isNull();
    assertThat(scenario.effects(Effect.StoreResults.class)).hasSize(1);
  }

  static Stream<TaskScenario.CommandFactory> otherEnds() {
    return Stream.of(
        s -> s.fail(TaskState.ERROR),
        s -> s.fail(TaskState.ERROR_PROXY),
        s -> s.fail(TaskState.UNFINISHED_DEPENDENCY, TaskScenario.TASK_A),
        s -> s.fail(TaskState.UNFINISHED_DEPENDENCY),
        TaskScenario::giveBack,
        TaskScenario::cancelConfirmed,
        s -> new Command.LeaseLost(),
        s -> new Command.TimedOut());
  }

  @ParameterizedTest
  @MethodSource("otherEnds")
  void anyOtherEndOfRunCancelsTask(TaskScenario.CommandFactory factory) {
    TaskScenario scenario = TaskScenario.running();
    scenario.assertChanged(CANCEL);

    Task task = scenario.assertChanged(factory.create(scenario));

    assertThat(task.state()).isEqualTo(TaskState.CANCELLED);
    assertThat(task.run().attempt()).isEqualTo(1);
    assertThat(task.run().lease()).isNull();
    assertThat(task.run().cancelRequestedAt()).isNull();
    assertThat(task.outbox()).isEmpty();
  }

  @Test
  void cancelConfirmationIsIdempotent() {
    TaskScenario scenario = TaskScenario.running();
    scenario.assertChanged(CANCEL);
    Command confirmed = scenario.cancelConfirmed();
    scenario.assertChanged(confirmed);

    scenario.assertUnchanged(confirmed);
  }

  @Test
  void unrequestedCancelConfirmationGivesTaskBack() {
    TaskScenario scenario = TaskScenario.running();

    Task task = scenario.assertChanged(scenario.cancelConfirmed());

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.run().attempt()).isEqualTo(2);
    assertThat(task.run().failures()).isZero();
  }

  @Test
  void cancelsTaskWithoutLeaseImmediately() {
    TaskScenario scenario = TaskScenario.startedWithoutLease();

    Task task = scenario.assertChanged(CANCEL);

    assertThat(task.state()).isEqualTo(TaskState.CANCELLED);
    assertThat(scenario.assertRefused(scenario.complete(1)).reason())
        .isEqualTo(Decision.Reason.STALE);
  }

  @Test
  void refusesClaimOfCancelledTask() {
    TaskScenario scenario = TaskScenario.queued();
    scenario.assertChanged(CANCEL);

    assertThat(scenario.assertRefused(scenario.claim("c1")).reason())
        .isEqualTo(Decision.Reason.ILLEGAL);
  }

  @Test
  void notifiesDependents() {
    TaskScenario scenario = TaskScenario.queued();
    scenario.assertChanged(new Command.AddDependent(new TaskId("x")));

    scenario.assertChanged(CANCEL);

    assertThat(scenario.effects(Effect.Wake.class)).hasSize(1);
  }
}
