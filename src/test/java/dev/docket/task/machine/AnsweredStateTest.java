package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The number with which a worker ends its run, and the retry that ignores delays. */
class AnsweredStateTest {

  private static final Command RETRY_NOW = new Command.RetryNow("ann");

  private static Command fail(TaskScenario s, TaskState state, int answered, boolean retryable) {
    return new Command.Fail(
        new Reporter(s.task.run().ref(), null, "dane"),
        state,
        new RunEnd("m", answered, RunTiming.UNKNOWN),
        List.of(),
        retryable);
  }

  private static Command complete(TaskScenario s, int answered) {
    return new Command.Complete(
        new Reporter(s.task.run().ref(), null, "dane"),
        new RunEnd("m", answered, RunTiming.UNKNOWN),
        List.of(),
        null);
  }

  @Test
  void keepsNumberOfEnd() {
    TaskScenario scenario = TaskScenario.startedWithoutLease();
    Task task = scenario.assertChanged(fail(scenario, TaskState.ERROR, 418, false));
    assertThat(task.state()).isEqualTo(TaskState.ERROR);
    assertThat(task.run().answeredState()).isEqualTo(418);
    assertThat(task.message()).isEqualTo("m");
  }

  @Test
  void keepsNumberOfSuccess() {
    TaskScenario scenario = TaskScenario.startedWithoutLease();
    Task task = scenario.assertChanged(complete(scenario, 201));
    assertThat(task.state()).isEqualTo(TaskState.SUCCESS);
    assertThat(task.run().answeredState()).isEqualTo(201);
  }

  @Test
  void forgetsNumberWithNewRun() {
    for (Command again :
        List.of(new Command.Reset("a"), new Command.ForceRetry("a"), new Command.Retry("a"))) {
      TaskScenario scenario = TaskScenario.startedWithoutLease();
      scenario.assertChanged(fail(scenario, TaskState.ERROR, 418, false));
      assertThat(scenario.assertChanged(again).run().answeredState()).as(again.label()).isNull();
    }
  }

  @Test
  void retriesWithBackoffAndEndsWithNumberOfLastRun() {
    TaskScenario scenario = TaskScenario.startedWithoutLease();
    for (int attempt = 1; attempt < 3; attempt++) {
      Task waiting = scenario.assertChanged(fail(scenario, TaskState.ERROR, 205, true));
      assertThat(waiting.state()).isEqualTo(TaskState.CREATED);
      assertThat(waiting.run().answeredState()).isNull();
      assertThat(waiting.run().failures()).isEqualTo(attempt);
      assertThat(waiting.run().dueAt()).isNotNull();
      assertThat(waiting.message()).startsWith("205: m (failure " + attempt + " of 3");
      scenario.advance(Duration.ofHours(1));
      scenario.assertChanged(new Command.Publish());
      scenario.assertChanged(scenario.confirm());
    }
    Task ended = scenario.assertChanged(fail(scenario, TaskState.ERROR, 205, true));
    assertThat(ended.state()).isEqualTo(TaskState.ERROR);
    assertThat(ended.run().answeredState()).isEqualTo(205);
  }

  @Test
  void leavesNumberToWorkerThatEndedTheRun() {
    TaskScenario scenario = TaskScenario.startedWithoutLease();
    Command first = fail(scenario, TaskState.ERROR, 418, false);
    Command second = complete(scenario, 200);
    scenario.assertChanged(first);
    scenario.execute(second);
    assertThat(scenario.task.run().answeredState()).isEqualTo(418);
    assertThat(scenario.task.state()).isEqualTo(TaskState.ERROR);
  }

  static Stream<TaskScenario> notToBeRetriedNow() {
    TaskScenario reset = TaskScenario.failed();
    reset.assertChanged(new Command.MassReset("ann"));
    return Stream.of(
        TaskScenario.created(),
        reset,
        TaskScenario.queued(),
        TaskScenario.running(),
        TaskScenario.succeeded(0));
  }

  @ParameterizedTest
  @MethodSource("notToBeRetriedNow")
  void leavesActiveAndSuccessfulTasksAlone(TaskScenario scenario) {
    scenario.assertUnchanged(RETRY_NOW);
  }

  static Stream<TaskScenario> toBeRetriedNow() {
    TaskScenario backoff = TaskScenario.startedWithoutLease();
    backoff.assertChanged(fail(backoff, TaskState.ERROR_PROXY, 503, true));
    TaskScenario dependencyFailed =
        TaskScenario.waiting(OnDependencyFailure.FAIL, TaskScenario.TASK_A);
    dependencyFailed.assertChanged(TaskScenario.dependencyFailed(TaskScenario.TASK_A, 1));
    return Stream.of(
        backoff,
        dependencyFailed,
        TaskScenario.waiting(OnDependencyFailure.FAIL, TaskScenario.TASK_A),
        TaskScenario.delayedUntil(TaskScenario.START.plusSeconds(60)),
        TaskScenario.unroutable(),
        TaskScenario.failed());
  }

  @ParameterizedTest
  @MethodSource("toBeRetriedNow")
  void publishesWaitingAndFailedTasksAtOnce(TaskScenario scenario) {
    int attempt = scenario.task.run().attempt();
    Task task = scenario.assertChanged(RETRY_NOW);
    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.run().attempt()).isEqualTo(attempt + 1);
    assertThat(task.run().dueAt()).isNull();
    assertThat(scenario.effects(Effect.Publish.class))
        .containsExactly(new Effect.Publish(attempt + 1));
    assertThat(scenario.lastTransition().by()).isEqualTo("retry ann");
    scenario.assertUnchanged(RETRY_NOW);
  }
}
