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

  static Stream<Scene> withoutWorker() {
    return Stream.of(
        Scene.created(),
        Scene.queued(),
        Scene.unroutable(),
        Scene.waiting(OnDependencyFailure.FAIL, Scene.A),
        Scene.createdFor(Scene.START.plus(Duration.ofDays(1))));
  }

  @ParameterizedTest
  @MethodSource("withoutWorker")
  void taskThatNobodyWorksOnIsCancelledAtOnce(Scene scene) {
    Task task = scene.moved(CANCEL);

    assertThat(task.state()).isEqualTo(TaskState.CANCELLED);
    assertThat(task.dueAt()).isNull();
    assertThat(scene.outbox(Effect.Publish.class)).isEmpty();
    assertThat(scene.lastMove().by()).isEqualTo("cancel ann");
  }

  @Test
  void workerWithALeaseIsAskedToStop() {
    Scene scene = Scene.running().after(Duration.ofSeconds(3));
    Lease lease = scene.task.lease();

    Task task = scene.moved(CANCEL);

    assertThat(task.state()).isEqualTo(TaskState.PROCESSING);
    assertThat(task.cancelRequestedAt()).isEqualTo(scene.now);
    assertThat(task.lease()).isEqualTo(lease);
  }

  @Test
  void workerHearsItWithItsNextHeartbeat() {
    Scene scene = Scene.running();
    scene.moved(CANCEL);

    assertThat(scene.tell(scene.heartbeat()).task().cancelRequestedAt()).isNotNull();
  }

  @Test
  void cancelTwiceIsCancelOnce() {
    Scene running = Scene.running();
    running.moved(CANCEL);
    running.unchanged(CANCEL);
    Scene queued = Scene.queued();
    queued.moved(CANCEL);
    queued.unchanged(CANCEL);
  }

  @Test
  void whatHasEndedOtherwiseCannotBeCancelled() {
    assertThat(Scene.done(0).refused(CANCEL).reason()).isEqualTo(Decision.Reason.ILLEGAL);
    assertThat(Scene.failed().refused(CANCEL).reason()).isEqualTo(Decision.Reason.ILLEGAL);
  }

  @Test
  void workThatIsDoneAllTheSameIsDone() {
    Scene scene = Scene.running();
    scene.moved(CANCEL);

    Task task = scene.moved(scene.complete(1));

    assertThat(task.state()).isEqualTo(TaskState.SUCCESS);
    assertThat(task.cancelRequestedAt()).isNull();
    assertThat(scene.outbox(Effect.StoreResults.class)).hasSize(1);
  }

  static Stream<Scene.Said> othersEnds() {
    return Stream.of(
        s -> s.fail(TaskState.ERROR),
        s -> s.fail(TaskState.ERROR_PROXY),
        s -> s.fail(TaskState.UNFINISHED_DEPENDENCY, Scene.A),
        s -> s.fail(TaskState.UNFINISHED_DEPENDENCY),
        Scene::giveBack,
        Scene::cancelConfirmed,
        s -> new Command.LeaseLost(),
        s -> new Command.TimedOut());
  }

  @ParameterizedTest
  @MethodSource("othersEnds")
  void anyOtherEndOfTheRunCancelsTheTask(Scene.Said said) {
    Scene scene = Scene.running();
    scene.moved(CANCEL);

    Task task = scene.moved(said.of(scene));

    assertThat(task.state()).isEqualTo(TaskState.CANCELLED);
    assertThat(task.attempt()).isEqualTo(1);
    assertThat(task.lease()).isNull();
    assertThat(task.cancelRequestedAt()).isNull();
    assertThat(task.outbox()).isEmpty();
  }

  @Test
  void stopConfirmedTwiceIsFine() {
    Scene scene = Scene.running();
    scene.moved(CANCEL);
    Command confirmed = scene.cancelConfirmed();
    scene.moved(confirmed);

    scene.unchanged(confirmed);
  }

  @Test
  void stopThatNobodyAskedForGivesTheTaskBack() {
    Scene scene = Scene.running();

    Task task = scene.moved(scene.cancelConfirmed());

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.attempt()).isEqualTo(2);
    assertThat(task.failures()).isZero();
  }

  @Test
  void workerWithoutLeaseCannotBeAskedSoTheTaskIsCancelledAtOnceAndItsRunRevoked() {
    Scene scene = Scene.begun();

    Task task = scene.moved(CANCEL);

    assertThat(task.state()).isEqualTo(TaskState.CANCELLED);
    assertThat(scene.outbox(Effect.Revoke.class)).containsExactly(new Effect.Revoke(1));
    assertThat(scene.refused(scene.complete(1)).reason()).isEqualTo(Decision.Reason.STALE);
  }

  @Test
  void messageThatIsOutBeforeItsConfirmationIsRevokedToo() {
    Scene scene = Scene.created(Scene.LATE);

    scene.moved(CANCEL);

    assertThat(scene.outbox(Effect.Revoke.class)).containsExactly(new Effect.Revoke(1));
  }

  @Test
  void claimOfWhatIsCancelledIsRefused() {
    Scene scene = Scene.queued();
    scene.moved(CANCEL);

    assertThat(scene.refused(scene.claim("c1")).reason()).isEqualTo(Decision.Reason.ILLEGAL);
  }

  @Test
  void dependentsHearOfIt() {
    Scene scene = Scene.queued();
    scene.moved(new Command.AddDependent(new TaskId("x")));

    scene.moved(CANCEL);

    assertThat(scene.outbox(Effect.Wake.class)).hasSize(1);
  }
}
