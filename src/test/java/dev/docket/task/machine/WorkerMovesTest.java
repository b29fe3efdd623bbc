package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Lease;
import dev.docket.task.Move;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Task;
import dev.docket.task.TaskSpec;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Claims and signs of life. */
class WorkerMovesTest {

  static Stream<Scene> claimable() {
    Scene reset = Scene.failed();
    reset.moved(new Command.MassReset("ann"));
    return Stream.of(Scene.created(), Scene.queued(), Scene.unroutable(), reset);
  }

  @ParameterizedTest
  @MethodSource
  void claimable(Scene scene) {
    Task task = scene.moved(scene.claim("c1"));

    assertThat(task.state()).isEqualTo(TaskState.PROCESSING);
    assertThat(task.lease()).isEqualTo(new Lease("w", "c1", 60, scene.now.plusSeconds(60), false));
    assertThat(task.outbox()).isEmpty();
  }

  static Stream<Scene> notClaimable() {
    Scene cancelled = Scene.queued();
    cancelled.moved(new Command.Cancel("ann"));
    return Stream.of(
        Scene.waiting(OnDependencyFailure.FAIL, Scene.A), Scene.done(0), Scene.failed(), cancelled);
  }

  @ParameterizedTest
  @MethodSource
  void notClaimable(Scene scene) {
    Task before = scene.task;

    assertThat(scene.refused(scene.claim("c9")).reason()).isEqualTo(Decision.Reason.ILLEGAL);
    assertThat(scene.task).isEqualTo(before);
  }

  @Test
  void claimSaysHowLongTheTaskWaited() {
    Scene scene = Scene.queued().after(Duration.ofSeconds(7));

    Task task = scene.moved(scene.claim("c1"));

    assertThat(task.queuedMs()).isEqualTo(7000);
    assertThat(task.startedAt()).isEqualTo(scene.now);
  }

  @Test
  void claimBeforeTheConfirmationCountsFromTheDispatch() {
    Scene scene = Scene.created().after(Duration.ofMillis(40));

    Task task = scene.moved(scene.claim("c1"));

    assertThat(task.queuedAt()).isEqualTo(Scene.START);
    assertThat(task.queuedMs()).isEqualTo(40);
  }

  @Test
  void sameClaimIsGrantedAgainWithoutAWrite() {
    Scene scene = Scene.running();

    scene.unchanged(scene.claim("c1"));
  }

  @Test
  void anotherClaimOfTheRunIsRefused() {
    Scene scene = Scene.running();
    Task before = scene.task;

    Decision.Refused refused = scene.refused(scene.claim("c2"));

    assertThat(refused.reason()).isEqualTo(Decision.Reason.HELD);
    assertThat(refused.why()).contains("worker w");
    assertThat(scene.task).isEqualTo(before);
  }

  @Test
  void claimForAWorkerOfAnotherKindIsRefused() {
    Scene scene = Scene.created(Scene.LATE);

    assertThat(scene.refused(scene.claim("c1")).reason()).isEqualTo(Decision.Reason.ILLEGAL);
  }

  @Test
  void leaseOfAPollIsProvisionalUntilTheWorkerIsHeardOf() {
    Scene scene = Scene.queued();
    scene.moved(new Command.Claim(1, scene.task.run(), "c1", "w", true));
    assertThat(scene.task.lease().provisional()).isTrue();

    scene.moved(scene.heartbeat());

    assertThat(scene.task.lease().provisional()).isFalse();
  }

  @Test
  void leaseLastsAsLongAsTheTaskSays() {
    Scene scene = Scene.queued();
    Task task = scene.task;
    TaskSpec own =
        new TaskSpec(
            task.spec().document(),
            task.key(),
            task.spec().args(),
            1,
            List.of(),
            "courier",
            null,
            7,
            null,
            OnDependencyFailure.FAIL,
            task.spec().callback(),
            "ann",
            task.spec().meta(),
            null);
    scene.task = TaskMachine.create(task.id(), own, List.of(), null, scene.moment());

    assertThat(scene.moved(scene.claim("c1")).lease().seconds()).isEqualTo(7);
  }

  static Stream<Scene.Said> signsOfLife() {
    return Stream.of(Scene::heartbeat, Scene::started, s -> s.progress(1, "s", "m"));
  }

  @ParameterizedTest
  @MethodSource("signsOfLife")
  void signsOfLifeExtendTheLease(Scene.Said said) {
    Scene scene = Scene.running().after(Duration.ofSeconds(20));

    Task task = scene.moved(said.of(scene));

    assertThat(task.lease().until()).isEqualTo(Scene.START.plusSeconds(80));
  }

  @ParameterizedTest
  @MethodSource("signsOfLife")
  void signsOfLifeAreNoHistory(Scene.Said said) {
    Scene scene = Scene.running();
    List<Move> before = scene.task.history();

    assertThat(scene.moved(said.of(scene)).history()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("signsOfLife")
  void signsOfLifeUnderAnotherClaimAreRefused(Scene.Said said) {
    Scene scene = Scene.queued().having(s -> s.claim("c2"));
    Task before = scene.task;

    assertThat(scene.refused(said.of(scene)).reason()).isEqualTo(Decision.Reason.HELD);
    assertThat(scene.task).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("signsOfLife")
  void signsOfLifeWithoutAClaimAreRefused(Scene.Said said) {
    Scene scene = Scene.queued();

    assertThat(scene.refused(said.of(scene)).reason()).isEqualTo(Decision.Reason.ILLEGAL);
  }

  @ParameterizedTest
  @MethodSource("signsOfLife")
  void workerThatDoesNotClaimHasBegunWithItsFirstSignOfLife(Scene.Said said) {
    Scene scene = Scene.created(Scene.LATE).after(Duration.ofSeconds(3));

    Task task = scene.moved(said.of(scene));

    assertThat(task.state()).isEqualTo(TaskState.PROCESSING);
    assertThat(task.lease()).isNull();
    assertThat(task.startedAt()).isEqualTo(scene.now);
    assertThat(task.queuedMs()).isEqualTo(3000);
    assertThat(task.outbox()).isEmpty();
  }

  @Test
  void workerThatDoesNotClaimIsGivenUpSomeDayEvenIfItsBeginningOvertookTheConfirmation() {
    Scene scene = Scene.created(Scene.LATE).having(Scene::started);

    assertThat(scene.task.unansweredAfter()).isEqualTo(Scene.START.plus(Duration.ofDays(7)));
  }

  @Test
  void workerThatHoldsALeaseIsWatchedByThat() {
    assertThat(Scene.running().task.unansweredAfter()).isNull();
  }

  @Test
  void heartbeatOfAWorkerWithoutLeaseIsNotWritten() {
    Scene scene = Scene.begun();

    scene.unchanged(scene.heartbeat());
    scene.unchanged(scene.started());
  }

  @Test
  void progressIsShown() {
    Scene scene = Scene.running();

    Task task = scene.moved(scene.progress(40, "decoding", "half way"));

    assertThat(task.progress()).isEqualTo(40);
    assertThat(task.stage()).isEqualTo("decoding");
    assertThat(task.message()).isEqualTo("half way");
  }

  @Test
  void whatProgressLeavesOutStays() {
    Scene scene = Scene.running().having(s -> s.progress(40, "decoding", "half way"));

    Task task = scene.moved(scene.progress(41, null, null));

    assertThat(task.progress()).isEqualTo(41);
    assertThat(task.stage()).isEqualTo("decoding");
    assertThat(task.message()).isEqualTo("half way");
  }

  @Test
  void progressOfAWorkerWithoutLeaseIsShownToo() {
    Scene scene = Scene.begun();

    assertThat(scene.moved(scene.progress(5, null, null)).progress()).isEqualTo(5);
  }
}
