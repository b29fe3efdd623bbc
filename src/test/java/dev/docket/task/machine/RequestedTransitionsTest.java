package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Dependency;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.ResultRun;
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

/** Retry, forceretry and reset. */
class RequestedTransitionsTest {

  private static final Command RETRY = new Command.Retry("ann");
  private static final Command FORCE_RETRY = new Command.ForceRetry("ann");
  private static final Command RESET = new Command.Reset("ann");
  private static final Command MASS_RESET = new Command.MassReset("ann");

  @ParameterizedTest
  @EnumSource(names = {"BAD_REQUEST", "ACCESS_DENIED", "NOT_FOUND", "ERROR"})
  void retriesFailedTask(TaskState state) {
    TaskScenario scenario = TaskScenario.running().apply(s -> s.fail(state));

    Task task = scenario.assertChanged(RETRY);

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.run().attempt()).isEqualTo(2);
    assertThat(task.run().failures()).isZero();
    assertThat(task.run().finishedAt()).isNull();
    assertThat(scenario.effects(Effect.Publish.class)).containsExactly(new Effect.Publish(2));
    assertThat(scenario.lastTransition().by()).isEqualTo("retry ann");
  }

  @Test
  void retriesCancelledTask() {
    TaskScenario scenario = TaskScenario.queued();
    scenario.assertChanged(new Command.Cancel("ann"));

    assertThat(scenario.assertChanged(RETRY).state()).isEqualTo(TaskState.CREATED);
  }

  @Test
  void retriesUnroutableTask() {
    assertThat(TaskScenario.unroutable().assertChanged(RETRY).state()).isEqualTo(TaskState.CREATED);
  }

  @Test
  void retryAfterFailedDependencyWaitsAgain() {
    TaskScenario scenario =
        TaskScenario.waiting(OnDependencyFailure.FAIL, TaskScenario.TASK_A, TaskScenario.TASK_B);
    scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_A, 1));
    scenario.assertChanged(TaskScenario.dependencyFailed(TaskScenario.TASK_B, 1));

    Task task = scenario.assertChanged(RETRY);

    assertThat(task.state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    assertThat(task.run().attempt()).isEqualTo(2);
    assertThat(scenario.effects(Effect.Register.class).get(0).needed())
        .contains(TaskScenario.TASK_B);
    assertThat(task.dependsOn())
        .contains(new Dependency(TaskScenario.TASK_B.id(), TaskScenario.TASK_B.key(), null, 0));
  }

  static Stream<TaskScenario> notRetryable() {
    TaskScenario reset = TaskScenario.failed();
    reset.assertChanged(MASS_RESET);
    return Stream.of(
        TaskScenario.queued(),
        TaskScenario.running(),
        TaskScenario.succeeded(0),
        TaskScenario.created(),
        reset,
        TaskScenario.waiting(OnDependencyFailure.FAIL, TaskScenario.TASK_A));
  }

  @ParameterizedTest
  @MethodSource("notRetryable")
  void retryIgnoresTaskThatHasNotFailed(TaskScenario scenario) {
    scenario.assertUnchanged(RETRY);
  }

  static Stream<TaskScenario> everyState() {
    Stream<TaskScenario> failures =
        Arrays.stream(TaskState.values())
            .filter(TaskState::isWorkerFailure)
            .map(state -> lastAttempt().apply(s -> s.fail(state)));
    TaskScenario timedOut = lastAttempt();
    timedOut.assertChanged(new Command.TimedOut());
    TaskScenario dependencyFailed =
        TaskScenario.waiting(OnDependencyFailure.FAIL, TaskScenario.TASK_A);
    dependencyFailed.assertChanged(TaskScenario.dependencyFailed(TaskScenario.TASK_A, 1));
    TaskScenario cancelled = TaskScenario.queued();
    cancelled.assertChanged(new Command.Cancel("ann"));
    TaskScenario cancelling = TaskScenario.running();
    cancelling.assertChanged(new Command.Cancel("ann"));
    return Stream.of(
            notRetryable(),
            failures,
            Stream.of(TaskScenario.unroutable(), timedOut, dependencyFailed, cancelled, cancelling))
        .flatMap(scenarios -> scenarios);
  }

  private static TaskScenario lastAttempt() {
    return TaskScenario.running()
        .apply(s -> s.fail(TaskState.ERROR_PROXY))
        .apply(s -> s.claim("c1"))
        .apply(s -> s.fail(TaskState.ERROR_PROXY))
        .apply(s -> s.claim("c1"));
  }

  @Test
  void scenariosCoverEveryState() {
    assertThat(everyState().map(s -> s.task.state()).distinct())
        .containsExactlyInAnyOrder(TaskState.values());
  }

  @ParameterizedTest
  @MethodSource("everyState")
  void forceRetryActsOnEveryStateAndIgnoresDependencies(TaskScenario scenario) {
    int attempt = scenario.task.run().attempt();

    Task task = scenario.assertChanged(FORCE_RETRY);

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.run().attempt()).isEqualTo(attempt + 1);
    assertThat(task.run().failures()).isZero();
    assertThat(task.run().lease()).isNull();
    assertThat(task.run().cancelRequestedAt()).isNull();
    assertThat(task.run().finishedAt()).isNull();
    assertThat(task.run().dueAt()).isNull();
    assertThat(scenario.effects(Effect.Publish.class))
        .containsExactly(new Effect.Publish(attempt + 1));
  }

  @ParameterizedTest
  @MethodSource("everyState")
  void resetActsOnEveryStateAndWaitsForDependencies(TaskScenario scenario) {
    int attempt = scenario.task.run().attempt();
    boolean waits =
        scenario.task.dependsOn().stream().anyMatch(d -> d.state() != TaskState.SUCCESS);

    Task task = scenario.assertChanged(RESET);

    assertThat(task.state()).isEqualTo(waits ? TaskState.UNFINISHED_DEPENDENCY : TaskState.CREATED);
    assertThat(task.message()).isEqualTo("Reset");
    assertThat(task.run().attempt()).isEqualTo(attempt + 1);
    assertThat(task.run().failures()).isZero();
    assertThat(task.run().lease()).isNull();
    assertThat(scenario.effects(Effect.Publish.class)).hasSize(waits ? 0 : 1);
    assertThat(scenario.effects(Effect.Register.class)).hasSize(waits ? 1 : 0);
  }

  @Test
  void massResetHasItsOwnState() {
    TaskScenario scenario = TaskScenario.failed();

    Task task = scenario.assertChanged(MASS_RESET);

    assertThat(task.state()).isEqualTo(TaskState.TASK_RESET);
    assertThat(task.message()).isEqualTo("Manual reset");
    assertThat(scenario.effects(Effect.Publish.class)).containsExactly(new Effect.Publish(2));
  }

  @Test
  void massResetWithOpenDependenciesWaits() {
    TaskScenario scenario = TaskScenario.waiting(OnDependencyFailure.FAIL, TaskScenario.TASK_A);

    Task task = scenario.assertChanged(MASS_RESET);

    assertThat(task.state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    assertThat(task.message()).isEqualTo("Manual reset");
  }

  @Test
  void forceRetryMakesRunningWorkerStale() {
    TaskScenario scenario = TaskScenario.running();
    Command complete = scenario.complete(1);
    scenario.assertChanged(FORCE_RETRY);

    assertThat(scenario.assertRefused(complete).reason()).isEqualTo(Decision.Reason.STALE);
    assertThat(scenario.assertChanged(scenario.claim("c2")).run().lease().claimId())
        .isEqualTo("c2");
  }

  @Test
  void resultsStayUntilNextSuccess() {
    TaskScenario scenario = TaskScenario.succeeded(2);
    ResultRun results = scenario.task.latestResults();

    assertThat(scenario.assertChanged(FORCE_RETRY).resultRuns()).containsExactly(results);
  }

  @Test
  void resetKeepsArgsOfPendingDependency() {
    Effect.NeededTask needed =
        new Effect.NeededTask(TaskScenario.TASK_A.id(), TaskScenario.TASK_A.key(), Map.of("x", 1));
    TaskScenario scenario = TaskScenario.waiting(OnDependencyFailure.FAIL, needed);

    scenario.assertChanged(RESET);

    assertThat(scenario.effects(Effect.Register.class))
        .containsExactly(new Effect.Register(List.of(needed)));
  }

  @Test
  void cancelKeepsArgsOfPendingDependency() {
    Effect.NeededTask needed =
        new Effect.NeededTask(TaskScenario.TASK_A.id(), TaskScenario.TASK_A.key(), Map.of("x", 1));
    TaskScenario scenario = TaskScenario.waiting(OnDependencyFailure.FAIL, needed);
    scenario.assertChanged(new Command.Cancel("ann"));

    scenario.assertChanged(RETRY);

    assertThat(scenario.effects(Effect.Register.class))
        .containsExactly(new Effect.Register(List.of(needed)));
  }

  @Test
  void resetClearsDueTime() {
    TaskScenario scenario = TaskScenario.delayedUntil(TaskScenario.START.plus(Duration.ofDays(1)));

    assertThat(scenario.assertChanged(RESET).run().dueAt()).isNull();
    assertThat(scenario.task.run().dispatchedAt()).isEqualTo(TaskScenario.START);
  }
}
