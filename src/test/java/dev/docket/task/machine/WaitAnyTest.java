package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A worker that needs tasks of its document and did not say which: any success wakes the task. */
class WaitAnyTest {

  private static final Duration A_MINUTE = Duration.ofMinutes(1);

  private static TaskScenario waitingForAny() {
    return TaskScenario.running().having(s -> s.fail(TaskState.UNFINISHED_DEPENDENCY));
  }

  @Test
  void taskWaitsForAnyAndLooksAgainAfterAMinute() {
    TaskScenario scenario = waitingForAny();

    assertThat(scenario.task.state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    assertThat(scenario.task.waitAny()).isTrue();
    assertThat(scenario.task.attempt()).isEqualTo(2);
    assertThat(scenario.task.failures()).isZero();
    assertThat(scenario.task.dueAt()).isEqualTo(TaskScenario.START.plus(A_MINUTE));
    assertThat(scenario.outbox(Effect.Register.class))
        .containsExactly(new Effect.Register(List.of()));
    assertThat(scenario.pending(Effect.Publish.class).due()).isEqualTo(scenario.task.dueAt());
  }

  @Test
  void whoLooksInVainLooksLessAndLessOftenUntilItIsWoken() {
    TaskScenario scenario = TaskScenario.running();
    for (int minutes : new int[] {1, 2, 4, 8, 16, 32, 64, 64}) {
      scenario.moved(scenario.fail(TaskState.UNFINISHED_DEPENDENCY));
      assertThat(scenario.task.dueAt())
          .isEqualTo(scenario.now.plus(A_MINUTE.multipliedBy(minutes)));
      scenario.after(A_MINUTE.multipliedBy(minutes));
      scenario.moved(new Command.Publish());
      scenario.having(TaskScenario::confirm).having(s -> s.claim("c1"));
    }
    scenario.moved(scenario.fail(TaskState.UNFINISHED_DEPENDENCY));
    scenario.moved(TaskScenario.done(TaskScenario.B, 7));
    scenario.having(s -> s.claim("c1"));

    scenario.moved(scenario.fail(TaskState.UNFINISHED_DEPENDENCY));

    assertThat(scenario.task.dueAt()).isEqualTo(scenario.now.plus(A_MINUTE));
  }

  @Test
  void anySuccessWakesItAtOnce() {
    TaskScenario scenario = waitingForAny().after(Duration.ofSeconds(1));

    Task task = scenario.moved(TaskScenario.done(TaskScenario.B, 7));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.waitAny()).isFalse();
    assertThat(task.dueAt()).isNull();
    assertThat(task.dispatchedAt()).isEqualTo(scenario.now);
    assertThat(scenario.outbox(Effect.Register.class)).isEmpty();
    assertThat(scenario.pending(Effect.Publish.class).due())
        .isEqualTo(scenario.now.plusSeconds(30));
  }

  @Test
  void failuresOfOthersAreNothingToIt() {
    waitingForAny().unchanged(TaskScenario.failed(TaskScenario.B, 1));
  }

  @Test
  void backOffEndsTheWait() {
    TaskScenario scenario = waitingForAny();
    scenario.unchanged(new Command.Publish());
    scenario.after(A_MINUTE);
    String run = scenario.task.run();

    Task task = scenario.moved(new Command.Publish());

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.isRun(2, run)).isTrue();
    assertThat(task.waitAny()).isFalse();
    assertThat(task.dueAt()).isNull();
    assertThat(task.outbox())
        .extracting(PendingEffect::effect)
        .containsExactly(new Effect.Publish(2));
  }

  @Test
  void whatWokeItIsNotNeededForEver() {
    TaskScenario scenario = waitingForAny();
    scenario.moved(TaskScenario.done(TaskScenario.B, 1));
    scenario.having(s -> s.claim("c1"));
    scenario.moved(scenario.fail(TaskState.UNFINISHED_DEPENDENCY, TaskScenario.A));

    scenario.unchanged(TaskScenario.failed(TaskScenario.B, 2));
    assertThat(scenario.moved(TaskScenario.done(TaskScenario.A, 1)).state())
        .isEqualTo(TaskState.CREATED);
  }

  @Test
  void resetEndsTheWait() {
    TaskScenario scenario = waitingForAny();

    Task task = scenario.moved(new Command.Reset("ann"));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.waitAny()).isFalse();
    assertThat(task.outbox())
        .extracting(PendingEffect::effect)
        .containsExactly(new Effect.Publish(3));
  }

  @Test
  void waitForNamedOnesAfterwardsIsForAllOfThem() {
    TaskScenario scenario = waitingForAny();
    scenario.moved(new Command.Reset("ann"));
    scenario.having(s -> s.claim("c1"));
    scenario.moved(scenario.fail(TaskState.UNFINISHED_DEPENDENCY, TaskScenario.A, TaskScenario.B));

    assertThat(scenario.moved(TaskScenario.done(TaskScenario.A, 1)).state())
        .isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
  }

  @Test
  void cancelEndsTheWait() {
    TaskScenario scenario = waitingForAny();

    Task task = scenario.moved(new Command.Cancel("ann"));

    assertThat(task.state()).isEqualTo(TaskState.CANCELLED);
    assertThat(task.waitAny()).isFalse();
    assertThat(task.outbox()).isEmpty();
  }

  @Test
  void whatIsStillToBeMadeIsNotForgottenOverIt() {
    Effect.Needed made =
        new Effect.Needed(TaskScenario.A.id(), TaskScenario.A.key(), Map.of("x", 1));
    TaskScenario scenario = TaskScenario.waiting(OnDependencyFailure.FAIL, made);
    scenario.moved(new Command.ForceRetry("ann"));
    scenario.having(s -> s.claim("c1"));

    scenario.moved(scenario.fail(TaskState.UNFINISHED_DEPENDENCY));

    assertThat(scenario.outbox(Effect.Register.class))
        .containsExactly(new Effect.Register(List.of(made)), new Effect.Register(List.of()));
  }

  @Test
  void successOfAKnownDependencyWakesItOnce() {
    TaskScenario scenario = TaskScenario.waiting(OnDependencyFailure.FAIL, TaskScenario.A);
    scenario.moved(TaskScenario.done(TaskScenario.A, 1));
    scenario.having(s -> s.claim("c1"));
    scenario.moved(scenario.fail(TaskState.UNFINISHED_DEPENDENCY));

    scenario.unchanged(TaskScenario.done(TaskScenario.A, 1));
    assertThat(scenario.moved(TaskScenario.done(TaskScenario.A, 2)).state())
        .isEqualTo(TaskState.CREATED);
  }
}
