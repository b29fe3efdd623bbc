package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Dependency;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the ends of other tasks do. */
class DependencyMovesTest {

  private static final Instant TOMORROW = Scene.START.plus(Duration.ofDays(1));

  private static Scene waiting(Effect.Needed... needed) {
    return Scene.waiting(OnDependencyFailure.FAIL, needed);
  }

  private static Scene failedDependency() {
    Scene scene = waiting(Scene.A);
    scene.moved(Scene.failed(Scene.A, 1));
    return scene;
  }

  @Test
  void taskIsDispatchedWhenAllThatItNeedsIsDone() {
    Scene scene = waiting(Scene.A, Scene.B);
    assertThat(scene.moved(Scene.done(Scene.A, 1)).state())
        .isEqualTo(TaskState.UNFINISHED_DEPENDENCY);

    Task task = scene.moved(Scene.done(Scene.B, 3));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(scene.lastMove().by()).isEqualTo("dependency_done B");
    assertThat(scene.outbox(Effect.Publish.class)).containsExactly(new Effect.Publish(1));
    assertThat(task.dependsOn())
        .containsExactly(
            new Dependency(Scene.A.id(), Scene.A.key(), TaskState.SUCCESS, 1),
            new Dependency(Scene.B.id(), Scene.B.key(), TaskState.SUCCESS, 3));
  }

  @Test
  void dueTimeHoldsAfterTheWait() {
    Scene scene = Scene.createdFor(TOMORROW, Scene.A);

    Task task = scene.moved(Scene.done(Scene.A, 1));

    assertThat(task.dueAt()).isEqualTo(TOMORROW);
    assertThat(scene.pending(Effect.Publish.class).due()).isEqualTo(TOMORROW);
  }

  @Test
  void whatWaitsForItselfEnds() {
    Scene scene = waiting(Scene.A, Scene.B);

    Task task = scene.moved(new Command.InCycle(Scene.A.id(), "x needs a needs x"));

    assertThat(task.state()).isEqualTo(TaskState.FAILED_DEPENDENCY);
    assertThat(task.message()).isEqualTo("it waits for itself: x needs a needs x");
    scene.unchanged(new Command.InCycle(Scene.B.id(), "x needs b needs x"));
  }

  @Test
  void nothingWaitsForItselfThroughWhatHasEnded() {
    Scene scene = waiting(Scene.A, Scene.B);
    scene.moved(Scene.done(Scene.A, 1));

    scene.unchanged(new Command.InCycle(Scene.A.id(), "x needs a needs x"));
    scene.unchanged(new Command.InCycle(new TaskId("other"), "x needs other needs x"));
  }

  @Test
  void whoAsksAgainForWhatIsDoneWaitsForAMinute() {
    Scene scene = Scene.created(Scene.LATE).having(Scene::confirm);
    for (int seconds : new int[] {1, 60, 60}) {
      Task waiting =
          scene.moved(
              new Command.Fail(
                  scene.task.attempt(),
                  scene.task.run(),
                  null,
                  "w",
                  TaskState.UNFINISHED_DEPENDENCY,
                  "",
                  List.of(Scene.A)));
      assertThat(waiting.dueAt()).isEqualTo(scene.moment().now().plusSeconds(seconds));
      scene.moved(Scene.done(Scene.A, 1));
      scene.after(Duration.ofSeconds(seconds));
      scene.moved(new Command.Publish());
      scene.having(Scene::confirm);
    }
  }

  @Test
  void registrationStaysToBeDone() {
    Scene scene = waiting(Scene.A);

    scene.moved(Scene.done(Scene.A, 1));

    assertThat(scene.outbox(Effect.Register.class)).hasSize(1);
  }

  @Test
  void failureOfADependencyFailsTheTask() {
    Scene scene = waiting(Scene.A, Scene.B);
    scene.moved(new Command.AddDependent(new TaskId("x")));

    Task task = scene.moved(Scene.failed(Scene.A, 1));

    assertThat(task.state()).isEqualTo(TaskState.FAILED_DEPENDENCY);
    assertThat(task.message()).isEqualTo("it needs A, which ended with 500 ERROR");
    assertThat(scene.outbox(Effect.Wake.class)).hasSize(1);
    assertThat(scene.outbox(Effect.Register.class)).hasSize(1);
  }

  @Test
  void taskComesBackAsANewRunWhenTheDependencySucceedsLater() {
    Scene scene = failedDependency();
    String run = scene.task.run();

    Task task = scene.moved(Scene.done(Scene.A, 2));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.attempt()).isEqualTo(2);
    assertThat(task.run()).isNotEqualTo(run);
    assertThat(task.finishedAt()).isNull();
    assertThat(scene.outbox(Effect.Publish.class)).containsExactly(new Effect.Publish(2));
  }

  @Test
  void taskComesBackNotBeforeItsDueTime() {
    Scene scene = Scene.createdFor(TOMORROW, Scene.A);
    scene.moved(Scene.failed(Scene.A, 1));

    Task task = scene.moved(Scene.done(Scene.A, 2));

    assertThat(task.dueAt()).isEqualTo(TOMORROW);
    assertThat(scene.pending(Effect.Publish.class).due()).isEqualTo(TOMORROW);
  }

  @Test
  void taskComesBackOnlyWhenTheOthersAreDoneToo() {
    Scene scene = waiting(Scene.A, Scene.B);
    scene.moved(Scene.failed(Scene.A, 1));

    assertThat(scene.moved(Scene.done(Scene.A, 2)).state()).isEqualTo(TaskState.FAILED_DEPENDENCY);
    assertThat(scene.moved(Scene.done(Scene.B, 1)).state()).isEqualTo(TaskState.CREATED);
  }

  @Test
  void secondFailureOfTheDependencyIsNoSecondEnd() {
    Scene scene = failedDependency();
    int moves = scene.task.history().size();

    Task task = scene.moved(Scene.failed(Scene.A, 2));

    assertThat(task.history()).hasSize(moves);
    assertThat(task.dependsOn().get(0).attempt()).isEqualTo(2);
  }

  @Test
  void newsOfAnOlderAttemptAreIgnored() {
    Scene scene = Scene.waiting(OnDependencyFailure.WAIT, Scene.A);
    scene.moved(Scene.failed(Scene.A, 3));

    scene.unchanged(Scene.done(Scene.A, 2));
  }

  @Test
  void successOfATaskThatWasGoneAndIsMadeAgainCounts() {
    Scene scene = Scene.waiting(OnDependencyFailure.WAIT, Scene.A);
    scene.moved(Scene.failed(Scene.A, 3));
    scene.moved(Scene.failed(Scene.A, Command.GONE));

    assertThat(scene.moved(Scene.done(Scene.A, 1)).state()).isEqualTo(TaskState.CREATED);
  }

  @Test
  void sameNewsAgainChangeNothing() {
    Scene scene = waiting(Scene.A, Scene.B);
    scene.moved(Scene.done(Scene.A, 1));
    scene.unchanged(Scene.done(Scene.A, 1));

    Scene failed = failedDependency();
    failed.unchanged(Scene.failed(Scene.A, 1));
  }

  @Test
  void newsOfOthersAreIgnored() {
    waiting(Scene.A).unchanged(Scene.done(Scene.B, 1));
    waiting(Scene.A).unchanged(Scene.failed(Scene.B, 1));
  }

  @Test
  void whoDoesNotWaitIsNotMoved() {
    Scene scene = waiting(Scene.A);
    scene.moved(Scene.done(Scene.A, 1));

    scene.unchanged(Scene.failed(Scene.A, 2));
    scene.having(s -> s.claim("c1")).unchanged(Scene.failed(Scene.A, 2));
    scene.having(s -> s.complete(0)).unchanged(Scene.failed(Scene.A, 2));
  }

  @Test
  void cancelledTaskDoesNotComeBack() {
    Scene scene = waiting(Scene.A);
    scene.moved(new Command.Cancel("ann"));

    scene.unchanged(Scene.done(Scene.A, 1));
  }

  @Test
  void taskMayRunInSpiteOfAFailure() {
    Scene scene = Scene.waiting(OnDependencyFailure.RUN, Scene.A, Scene.B);
    scene.moved(Scene.done(Scene.B, 1));

    Task task = scene.moved(Scene.failed(Scene.A, 1));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(scene.lastMove().by()).isEqualTo("dependency_failed A");
    assertThat(scene.outbox(Effect.Publish.class)).hasSize(1);
  }

  @Test
  void taskMayWaitInSpiteOfAFailure() {
    Scene scene = Scene.waiting(OnDependencyFailure.WAIT, Scene.A);

    assertThat(scene.moved(Scene.failed(Scene.A, 1)).state())
        .isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    assertThat(scene.moved(Scene.done(Scene.A, 2)).state()).isEqualTo(TaskState.CREATED);
  }

  @Test
  void workerMayFindOutWhatItNeeds() {
    Scene scene = Scene.running();

    Task task = scene.moved(scene.fail(TaskState.UNFINISHED_DEPENDENCY, Scene.A));

    assertThat(task.state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    assertThat(task.attempt()).isEqualTo(2);
    assertThat(task.failures()).isZero();
    assertThat(task.lease()).isNull();
    assertThat(task.waitAny()).isFalse();
    assertThat(task.outbox())
        .extracting(PendingEffect::effect)
        .containsExactly(new Effect.Register(List.of(Scene.A)));
    assertThat(scene.moved(Scene.done(Scene.A, 1)).state()).isEqualTo(TaskState.CREATED);
  }

  @Test
  void whatATaskWasForcedToRunWithoutDoesNotHoldItUpLater() {
    Scene scene = waiting(Scene.A);
    scene.moved(new Command.ForceRetry("ann"));
    scene.having(s -> s.claim("c1"));
    scene.moved(scene.fail(TaskState.UNFINISHED_DEPENDENCY, Scene.B));

    assertThat(scene.moved(Scene.done(Scene.B, 1)).state()).isEqualTo(TaskState.CREATED);
  }

  @Test
  void dependencyThatWasDoneStaysKnownWhenTheWorkerNeedsAnother() {
    Scene scene = waiting(Scene.A);
    scene.moved(Scene.done(Scene.A, 1));
    scene.having(s -> s.claim("c1"));

    scene.moved(scene.fail(TaskState.UNFINISHED_DEPENDENCY, Scene.B));

    assertThat(scene.task.dependsOn())
        .extracting(Dependency::id)
        .containsExactly(Scene.A.id(), Scene.B.id());
  }

  @Test
  void aWorkerThatAsksForWhatIsDoneAlreadyIsNotAskedAgainAtOnce() {
    Scene scene = Scene.running();
    scene.moved(scene.fail(TaskState.UNFINISHED_DEPENDENCY, Scene.A));

    Task task = scene.moved(new Command.DependencyDone(Scene.A.id(), Scene.A.key(), 1));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.dueAt()).isEqualTo(scene.now.plusSeconds(1));
  }
}
