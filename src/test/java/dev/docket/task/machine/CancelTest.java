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

/** Cancelling: at once where nobody holds a lease, else when the worker has stopped. */
class CancelTest {

  private static final Command CANCEL = new Command.Cancel("ann");

  static Stream<TaskScenario> withoutWorker() {
    return Stream.of(
        TaskScenario.created(),
        TaskScenario.queued(),
        TaskScenario.unroutable(),
        TaskScenario.waiting(OnDependencyFailure.FAIL, TaskScenario.A),
        TaskScenario.createdFor(TaskScenario.START.plus(Duration.ofDays(1))));
  }

  @ParameterizedTest
  @MethodSource("withoutWorker")
  void taskThatNobodyWorksOnIsCancelledAtOnce(TaskScenario scenario) {
    Task task = scenario.moved(CANCEL);

    assertThat(task.state()).isEqualTo(TaskState.CANCELLED);
    assertThat(task.dueAt()).isNull();
    assertThat(scenario.outbox(Effect.Publish.class)).isEmpty();
    assertThat(scenario.lastMove().by()).isEqualTo("cancel ann");
  }

  @Test
  void workerWithALeaseIsAskedToStop() {
    TaskScenario scenario = TaskScenario.running().after(Duration.ofSeconds(3));
    Lease lease = scenario.task.lease();

    Task task = scenario.moved(CANCEL);

    assertThat(task.state()).isEqualTo(TaskState.PROCESSING);
    assertThat(task.cancelRequestedAt()).isEqualTo(scenario.now);
    assertThat(task.lease()).isEqualTo(lease);
  }

  @Test
  void workerHearsItWithItsNextHeartbeat() {
    TaskScenario scenario = TaskScenario.running();
    scenario.moved(CANCEL);

    assertThat(scenario.execute(scenario.heartbeat()).task().cancelRequestedAt()).isNotNull();
  }

  @Test
  void cancelTwiceIsCancelOnce() {
    TaskScenario running = TaskScenario.running();
    running.moved(CANCEL);
    running.unchanged(CANCEL);
    TaskScenario queued = TaskScenario.queued();
    queued.moved(CANCEL);
    queued.unchanged(CANCEL);
  }

  @Test
  void whatHasEndedOtherwiseCannotBeCancelled() {
    assertThat(TaskScenario.done(0).refused(CANCEL).reason()).isEqualTo(Decision.Reason.ILLEGAL);
    assertThat(TaskScenario.failed().refused(CANCEL).reason()).isEqualTo(Decision.Reason.ILLEGAL);
  }

  @Test
  void workThatIsDoneAllTheSameIsDone() {
    TaskScenario scenario = TaskScenario.running();
    scenario.moved(CANCEL);

    Task task = scenario.moved(scenario.complete(1));

    assertThat(task.state()).isEqualTo(TaskState.SUCCESS);
    assertThat(task.cancelRequestedAt()).isNull();
    assertThat(scenario.outbox(Effect.StoreResults.class)).hasSize(1);
  }

  static Stream<TaskScenario.Said> othersEnds() {
    return Stream.of(
        s -> s.fail(TaskState.ERROR),
        s -> s.fail(TaskState.ERROR_PROXY),
        s -> s.fail(TaskState.UNFINISHED_DEPENDENCY, TaskScenario.A),
        s -> s.fail(TaskState.UNFINISHED_DEPENDENCY),
        TaskScenario::giveBack,
        TaskScenario::cancelConfirmed,
        s -> new Command.LeaseLost(),
        s -> new Command.TimedOut());
  }

  @ParameterizedTest
  @MethodSource("othersEnds")
  void anyOtherEndOfTheRunCancelsTheTask(TaskScenario.Said said) {
    TaskScenario scenario = TaskScenario.running();
    scenario.moved(CANCEL);

    Task task = scenario.moved(said.of(scenario));

    assertThat(task.state()).isEqualTo(TaskState.CANCELLED);
    assertThat(task.attempt()).isEqualTo(1);
    assertThat(task.lease()).isNull();
    assertThat(task.cancelRequestedAt()).isNull();
    assertThat(task.outbox()).isEmpty();
  }

  @Test
  void stopConfirmedTwiceIsFine() {
    TaskScenario scenario = TaskScenario.running();
    scenario.moved(CANCEL);
    Command confirmed = scenario.cancelConfirmed();
    scenario.moved(confirmed);

    scenario.unchanged(confirmed);
  }

  @Test
  void stopThatNobodyAskedForGivesTheTaskBack() {
    TaskScenario scenario = TaskScenario.running();

    Task task = scenario.moved(scenario.cancelConfirmed());

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.attempt()).isEqualTo(2);
    assertThat(task.failures()).isZero();
  }

  @Test
  void workerWithoutLeaseCannotBeAskedSoTheTaskIsCancelledAtOnceAndItsRunRevoked() {
    TaskScenario scenario = TaskScenario.begun();

    Task task = scenario.moved(CANCEL);

    assertThat(task.state()).isEqualTo(TaskState.CANCELLED);
    assertThat(scenario.outbox(Effect.Revoke.class)).containsExactly(new Effect.Revoke(1));
    assertThat(scenario.refused(scenario.complete(1)).reason()).isEqualTo(Decision.Reason.STALE);
  }

  @Test
  void messageThatIsOutBeforeItsConfirmationIsRevokedToo() {
    TaskScenario scenario = TaskScenario.created(TaskScenario.LATE);

    scenario.moved(CANCEL);

    assertThat(scenario.outbox(Effect.Revoke.class)).containsExactly(new Effect.Revoke(1));
  }

  @Test
  void claimOfWhatIsCancelledIsRefused() {
    TaskScenario scenario = TaskScenario.queued();
    scenario.moved(CANCEL);

    assertThat(scenario.refused(scenario.claim("c1")).reason()).isEqualTo(Decision.Reason.ILLEGAL);
  }

  @Test
  void dependentsHearOfIt() {
    TaskScenario scenario = TaskScenario.queued();
    scenario.moved(new Command.AddDependent(new TaskId("x")));

    scenario.moved(CANCEL);

    assertThat(scenario.outbox(Effect.Wake.class)).hasSize(1);
  }
}
