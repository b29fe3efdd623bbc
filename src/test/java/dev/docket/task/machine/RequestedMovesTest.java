package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Dependency;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.RunResults;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Retry, forceretry, reset. */
class RequestedMovesTest {

  private static final Command RETRY = new Command.Retry("ann");
  private static final Command FORCE = new Command.ForceRetry("ann");
  private static final Command RESET = new Command.Reset("ann");
  private static final Command MASS_RESET = new Command.MassReset("ann");

  @ParameterizedTest
  @EnumSource(names = {"BAD_REQUEST", "ACCESS_DENIED", "NOT_FOUND", "ERROR"})
  void retryRunsWhatHasFailed(TaskState state) {
    Scene scene = Scene.running().having(s -> s.fail(state));

    Task task = scene.moved(RETRY);

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.attempt()).isEqualTo(2);
    assertThat(task.failures()).isZero();
    assertThat(task.finishedAt()).isNull();
    assertThat(scene.outbox(Effect.Publish.class)).containsExactly(new Effect.Publish(2));
    assertThat(scene.lastMove().by()).isEqualTo("retry ann");
  }

  @Test
  void retryRunsWhatWasCancelled() {
    Scene scene = Scene.queued();
    scene.moved(new Command.Cancel("ann"));

    assertThat(scene.moved(RETRY).state()).isEqualTo(TaskState.CREATED);
  }

  @Test
  void retryTriesAQueueAgain() {
    assertThat(Scene.unroutable().moved(RETRY).state()).isEqualTo(TaskState.CREATED);
  }

  @Test
  void retryOfWhatFailedForItsDependenciesWaitsForThemAgain() {
    Scene scene = Scene.waiting(OnDependencyFailure.FAIL, Scene.A, Scene.B);
    scene.moved(Scene.done(Scene.A, 1));
    scene.moved(Scene.failed(Scene.B, 1));

    Task task = scene.moved(RETRY);

    assertThat(task.state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    assertThat(task.attempt()).isEqualTo(2);
    assertThat(scene.outbox(Effect.Register.class).get(0).needed()).contains(Scene.B);
    assertThat(task.dependsOn()).contains(new Dependency(Scene.B.id(), Scene.B.key(), null, 0));
  }

  static Stream<Scene> notToBeRetried() {
    Scene reset = Scene.failed();
    reset.moved(MASS_RESET);
    return Stream.of(
        Scene.queued(),
        Scene.running(),
        Scene.done(0),
        Scene.created(),
        reset,
        Scene.waiting(OnDependencyFailure.FAIL, Scene.A));
  }

  @ParameterizedTest
  @MethodSource("notToBeRetried")
  void retryDoesNothingToWhatHasNotFailed(Scene scene) {
    scene.unchanged(RETRY);
  }

  static Stream<Scene> everyState() {
    Stream<Scene> failures =
        Arrays.stream(TaskState.values())
            .filter(TaskState::isWorkersFailure)
            .map(state -> lastAttempt().having(s -> s.fail(state)));
    Scene timedOut = lastAttempt();
    timedOut.moved(new Command.TimedOut());
    Scene dependencyFailed = Scene.waiting(OnDependencyFailure.FAIL, Scene.A);
    dependencyFailed.moved(Scene.failed(Scene.A, 1));
    Scene cancelled = Scene.queued();
    cancelled.moved(new Command.Cancel("ann"));
    Scene cancelling = Scene.running();
    cancelling.moved(new Command.Cancel("ann"));
    return Stream.of(
            notToBeRetried(),
            failures,
            Stream.of(Scene.unroutable(), timedOut, dependencyFailed, cancelled, cancelling))
        .flatMap(scenes -> scenes);
  }

  private static Scene lastAttempt() {
    return Scene.running()
        .having(s -> s.fail(TaskState.ERROR_PROXY))
        .having(s -> s.claim("c1"))
        .having(s -> s.fail(TaskState.ERROR_PROXY))
        .having(s -> s.claim("c1"));
  }

  @Test
  void everyStateIsEveryState() {
    assertThat(everyState().map(s -> s.task.state()).distinct())
        .containsExactlyInAnyOrder(TaskState.values());
  }

  @ParameterizedTest
  @MethodSource("everyState")
  void forceRetryActsOnEveryStateAndIgnoresDependencies(Scene scene) {
    int attempt = scene.task.attempt();

    Task task = scene.moved(FORCE);

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.attempt()).isEqualTo(attempt + 1);
    assertThat(task.failures()).isZero();
    assertThat(task.lease()).isNull();
    assertThat(task.cancelRequestedAt()).isNull();
    assertThat(task.finishedAt()).isNull();
    assertThat(task.dueAt()).isNull();
    assertThat(scene.outbox(Effect.Publish.class)).containsExactly(new Effect.Publish(attempt + 1));
  }

  @ParameterizedTest
  @MethodSource("everyState")
  void resetActsOnEveryStateAndHeedsDependencies(Scene scene) {
    int attempt = scene.task.attempt();
    boolean open = scene.task.dependsOn().stream().anyMatch(d -> d.state() != TaskState.SUCCESS);

    Task task = scene.moved(RESET);

    assertThat(task.state()).isEqualTo(open ? TaskState.UNFINISHED_DEPENDENCY : TaskState.CREATED);
    assertThat(task.message()).isEqualTo("Reset");
    assertThat(task.attempt()).isEqualTo(attempt + 1);
    assertThat(task.failures()).isZero();
    assertThat(task.lease()).isNull();
    assertThat(scene.outbox(Effect.Publish.class)).hasSize(open ? 0 : 1);
    assertThat(scene.outbox(Effect.Register.class)).hasSize(open ? 1 : 0);
  }

  @Test
  void massResetIsShownAsSuch() {
    Scene scene = Scene.failed();

    Task task = scene.moved(MASS_RESET);

    assertThat(task.state()).isEqualTo(TaskState.TASK_RESET);
    assertThat(task.message()).isEqualTo("Manual reset");
    assertThat(scene.outbox(Effect.Publish.class)).containsExactly(new Effect.Publish(2));
  }

  @Test
  void massResetWithOpenDependenciesWaits() {
    Scene scene = Scene.waiting(OnDependencyFailure.FAIL, Scene.A);

    Task task = scene.moved(MASS_RESET);

    assertThat(task.state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    assertThat(task.message()).isEqualTo("Manual reset");
  }

  @Test
  void runningWorkerIsStaleAfterAForceRetry() {
    Scene scene = Scene.running();
    Command complete = scene.complete(1);
    scene.moved(FORCE);

    assertThat(scene.refused(complete).reason()).isEqualTo(Decision.Reason.STALE);
    assertThat(scene.moved(scene.claim("c2")).lease().claimId()).isEqualTo("c2");
  }

  @Test
  void resultsThatCountStayUntilTheNextSuccess() {
    Scene scene = Scene.done(2);
    RunResults results = scene.task.results();

    assertThat(scene.moved(FORCE).results()).isEqualTo(results);
  }

  @Test
  void whatADependencyIsMadeWithSurvivesAReset() {
    Effect.Needed made = new Effect.Needed(Scene.A.id(), Scene.A.key(), Map.of("x", 1));
    Scene scene = Scene.waiting(OnDependencyFailure.FAIL, made);

    scene.moved(RESET);

    assertThat(scene.outbox(Effect.Register.class))
        .containsExactly(new Effect.Register(List.of(made)));
  }

  @Test
  void whatADependencyIsMadeWithSurvivesACancellation() {
    Effect.Needed made = new Effect.Needed(Scene.A.id(), Scene.A.key(), Map.of("x", 1));
    Scene scene = Scene.waiting(OnDependencyFailure.FAIL, made);
    scene.moved(new Command.Cancel("ann"));

    scene.moved(RETRY);

    assertThat(scene.outbox(Effect.Register.class))
        .containsExactly(new Effect.Register(List.of(made)));
  }

  @Test
  void resetForgetsADueTime() {
    Scene scene = Scene.createdFor(Scene.START.plus(Duration.ofDays(1)));

    assertThat(scene.moved(RESET).dueAt()).isNull();
    assertThat(scene.task.dispatchedAt()).isEqualTo(Scene.START);
  }

  @Test
  void newRunIsNotToldToTheWorkerOfTheOldOne() {
    Scene scene = Scene.begun();
    scene.moved(new Command.Cancel("ann"));
    assertThat(scene.outbox(Effect.Revoke.class)).hasSize(1);

    scene.moved(RETRY);

    assertThat(scene.outbox(Effect.Revoke.class)).isEmpty();
  }
}
