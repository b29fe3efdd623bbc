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
class RequestedTransitionsTest {

  private static final Command RETRY = new Command.Retry("ann");
  private static final Command FORCE = new Command.ForceRetry("ann");
  private static final Command RESET = new Command.Reset("ann");
  private static final Command MASS_RESET = new Command.MassReset("ann");

  @ParameterizedTest
  @EnumSource(names = {"BAD_REQUEST", "ACCESS_DENIED", "NOT_FOUND", "ERROR"})
  void retryRunsWhatHasFailed(TaskState state) {
    TaskScenario scenario = TaskScenario.running().having(s -> s.fail(state));

    Task task = scenario.moved(RETRY);

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.attempt()).isEqualTo(2);
    assertThat(task.failures()).isZero();
    assertThat(task.finishedAt()).isNull();
    assertThat(scenario.outbox(Effect.Publish.class)).containsExactly(new Effect.Publish(2));
    assertThat(scenario.lastMove().by()).isEqualTo("retry ann");
  }

  @Test
  void retryRunsWhatWasCancelled() {
    TaskScenario scenario = TaskScenario.queued();
    scenario.moved(new Command.Cancel("ann"));

    assertThat(scenario.moved(RETRY).state()).isEqualTo(TaskState.CREATED);
  }

  @Test
  void retryTriesAQueueAgain() {
    assertThat(TaskScenario.unroutable().moved(RETRY).state()).isEqualTo(TaskState.CREATED);
  }

  @Test
  void retryOfWhatFailedForItsDependenciesWaitsForThemAgain() {
    TaskScenario scenario =
        TaskScenario.waiting(OnDependencyFailure.FAIL, TaskScenario.A, TaskScenario.B);
    scenario.moved(TaskScenario.done(TaskScenario.A, 1));
    scenario.moved(TaskScenario.failed(TaskScenario.B, 1));

    Task task = scenario.moved(RETRY);

    assertThat(task.state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    assertThat(task.attempt()).isEqualTo(2);
    assertThat(scenario.outbox(Effect.Register.class).get(0).needed()).contains(TaskScenario.B);
    assertThat(task.dependsOn())
        .contains(new Dependency(TaskScenario.B.id(), TaskScenario.B.key(), null, 0));
  }

  static Stream<TaskScenario> notToBeRetried() {
    TaskScenario reset = TaskScenario.failed();
    reset.moved(MASS_RESET);
    return Stream.of(
        TaskScenario.queued(),
        TaskScenario.running(),
        TaskScenario.done(0),
        TaskScenario.created(),
        reset,
        TaskScenario.waiting(OnDependencyFailure.FAIL, TaskScenario.A));
  }

  @ParameterizedTest
  @MethodSource("notToBeRetried")
  void retryDoesNothingToWhatHasNotFailed(TaskScenario scenario) {
    scenario.unchanged(RETRY);
  }

  static Stream<TaskScenario> everyState() {
    Stream<TaskScenario> failures =
        Arrays.stream(TaskState.values())
            .filter(TaskState::isWorkersFailure)
            .map(state -> lastAttempt().having(s -> s.fail(state)));
    TaskScenario timedOut = lastAttempt();
    timedOut.moved(new Command.TimedOut());
    TaskScenario dependencyFailed = TaskScenario.waiting(OnDependencyFailure.FAIL, TaskScenario.A);
    dependencyFailed.moved(TaskScenario.failed(TaskScenario.A, 1));
    TaskScenario cancelled = TaskScenario.queued();
    cancelled.moved(new Command.Cancel("ann"));
    TaskScenario cancelling = TaskScenario.running();
    cancelling.moved(new Command.Cancel("ann"));
    return Stream.of(
            notToBeRetried(),
            failures,
            Stream.of(TaskScenario.unroutable(), timedOut, dependencyFailed, cancelled, cancelling))
        .flatMap(scenes -> scenes);
  }

  private static TaskScenario lastAttempt() {
    return TaskScenario.running()
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
  void forceRetryActsOnEveryStateAndIgnoresDependencies(TaskScenario scenario) {
    int attempt = scenario.task.attempt();

    Task task = scenario.moved(FORCE);

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.attempt()).isEqualTo(attempt + 1);
    assertThat(task.failures()).isZero();
    assertThat(task.lease()).isNull();
    assertThat(task.cancelRequestedAt()).isNull();
    assertThat(task.finishedAt()).isNull();
    assertThat(task.dueAt()).isNull();
    assertThat(scenario.outbox(Effect.Publish.class))
        .containsExactly(new Effect.Publish(attempt + 1));
  }

  @ParameterizedTest
  @MethodSource("everyState")
  void resetActsOnEveryStateAndHeedsDependencies(TaskScenario scenario) {
    int attempt = scenario.task.attempt();
    boolean open = scenario.task.dependsOn().stream().anyMatch(d -> d.state() != TaskState.SUCCESS);

    Task task = scenario.moved(RESET);

    assertThat(task.state()).isEqualTo(open ? TaskState.UNFINISHED_DEPENDENCY : TaskState.CREATED);
    assertThat(task.message()).isEqualTo("Reset");
    assertThat(task.attempt()).isEqualTo(attempt + 1);
    assertThat(task.failures()).isZero();
    assertThat(task.lease()).isNull();
    assertThat(scenario.outbox(Effect.Publish.class)).hasSize(open ? 0 : 1);
    assertThat(scenario.outbox(Effect.Register.class)).hasSize(open ? 1 : 0);
  }

  @Test
  void massResetIsShownAsSuch() {
    TaskScenario scenario = TaskScenario.failed();

    Task task = scenario.moved(MASS_RESET);

    assertThat(task.state()).isEqualTo(TaskState.TASK_RESET);
    assertThat(task.message()).isEqualTo("Manual reset");
    assertThat(scenario.outbox(Effect.Publish.class)).containsExactly(new Effect.Publish(2));
  }

  @Test
  void massResetWithOpenDependenciesWaits() {
    TaskScenario scenario = TaskScenario.waiting(OnDependencyFailure.FAIL, TaskScenario.A);

    Task task = scenario.moved(MASS_RESET);

    assertThat(task.state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    assertThat(task.message()).isEqualTo("Manual reset");
  }

  @Test
  void runningWorkerIsStaleAfterAForceRetry() {
    TaskScenario scenario = TaskScenario.running();
    Command complete = scenario.complete(1);
    scenario.moved(FORCE);

    assertThat(scenario.refused(complete).reason()).isEqualTo(Decision.Reason.STALE);
    assertThat(scenario.moved(scenario.claim("c2")).lease().claimId()).isEqualTo("c2");
  }

  @Test
  void resultsThatCountStayUntilTheNextSuccess() {
    TaskScenario scenario = TaskScenario.done(2);
    RunResults results = scenario.task.results();

    assertThat(scenario.moved(FORCE).results()).isEqualTo(results);
  }

  @Test
  void whatADependencyIsMadeWithSurvivesAReset() {
    Effect.Needed made =
        new Effect.Needed(TaskScenario.A.id(), TaskScenario.A.key(), Map.of("x", 1));
    TaskScenario scenario = TaskScenario.waiting(OnDependencyFailure.FAIL, made);

    scenario.moved(RESET);

    assertThat(scenario.outbox(Effect.Register.class))
        .containsExactly(new Effect.Register(List.of(made)));
  }

  @Test
  void whatADependencyIsMadeWithSurvivesACancellation() {
    Effect.Needed made =
        new Effect.Needed(TaskScenario.A.id(), TaskScenario.A.key(), Map.of("x", 1));
    TaskScenario scenario = TaskScenario.waiting(OnDependencyFailure.FAIL, made);
    scenario.moved(new Command.Cancel("ann"));

    scenario.moved(RETRY);

    assertThat(scenario.outbox(Effect.Register.class))
        .containsExactly(new Effect.Register(List.of(made)));
  }

  @Test
  void resetForgetsADueTime() {
    TaskScenario scenario = TaskScenario.createdFor(TaskScenario.START.plus(Duration.ofDays(1)));

    assertThat(scenario.moved(RESET).dueAt()).isNull();
    assertThat(scenario.task.dispatchedAt()).isEqualTo(TaskScenario.START);
  }

  @Test
  void newRunIsNotToldToTheWorkerOfTheOldOne() {
    TaskScenario scenario = TaskScenario.begun();
    scenario.moved(new Command.Cancel("ann"));
    assertThat(scenario.outbox(Effect.Revoke.class)).hasSize(1);

    scenario.moved(RETRY);

    assertThat(scenario.outbox(Effect.Revoke.class)).isEmpty();
  }
}
