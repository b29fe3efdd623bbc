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

  private static Scene waitingForAny() {
    return Scene.running().having(s -> s.fail(TaskState.UNFINISHED_DEPENDENCY));
  }

  @Test
  void taskWaitsForAnyAndLooksAgainAfterAMinute() {
    Scene scene = waitingForAny();

    assertThat(scene.task.state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    assertThat(scene.task.waitAny()).isTrue();
    assertThat(scene.task.attempt()).isEqualTo(2);
    assertThat(scene.task.failures()).isZero();
    assertThat(scene.task.dueAt()).isEqualTo(Scene.START.plus(A_MINUTE));
    assertThat(scene.outbox(Effect.Register.class)).containsExactly(new Effect.Register(List.of()));
    assertThat(scene.pending(Effect.Publish.class).due()).isEqualTo(scene.task.dueAt());
  }

  @Test
  void whoLooksInVainLooksLessAndLessOftenUntilItIsWoken() {
    Scene scene = Scene.running();
    for (int minutes : new int[] {1, 2, 4, 8, 16, 32, 64, 64}) {
      scene.moved(scene.fail(TaskState.UNFINISHED_DEPENDENCY));
      assertThat(scene.task.dueAt()).isEqualTo(scene.now.plus(A_MINUTE.multipliedBy(minutes)));
      scene.after(A_MINUTE.multipliedBy(minutes));
      scene.moved(new Command.Publish());
      scene.having(Scene::confirm).having(s -> s.claim("c1"));
    }
    scene.moved(scene.fail(TaskState.UNFINISHED_DEPENDENCY));
    scene.moved(Scene.done(Scene.B, 7));
    scene.having(s -> s.claim("c1"));

    scene.moved(scene.fail(TaskState.UNFINISHED_DEPENDENCY));

    assertThat(scene.task.dueAt()).isEqualTo(scene.now.plus(A_MINUTE));
  }

  @Test
  void anySuccessWakesItAtOnce() {
    Scene scene = waitingForAny().after(Duration.ofSeconds(1));

    Task task = scene.moved(Scene.done(Scene.B, 7));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.waitAny()).isFalse();
    assertThat(task.dueAt()).isNull();
    assertThat(task.dispatchedAt()).isEqualTo(scene.now);
    assertThat(scene.outbox(Effect.Register.class)).isEmpty();
    assertThat(scene.pending(Effect.Publish.class).due()).isEqualTo(scene.now.plusSeconds(30));
  }

  @Test
  void failuresOfOthersAreNothingToIt() {
    waitingForAny().unchanged(Scene.failed(Scene.B, 1));
  }

  @Test
  void backOffEndsTheWait() {
    Scene scene = waitingForAny();
    scene.unchanged(new Command.Publish());
    scene.after(A_MINUTE);
    String run = scene.task.run();

    Task task = scene.moved(new Command.Publish());

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
    Scene scene = waitingForAny();
    scene.moved(Scene.done(Scene.B, 1));
    scene.having(s -> s.claim("c1"));
    scene.moved(scene.fail(TaskState.UNFINISHED_DEPENDENCY, Scene.A));

    scene.unchanged(Scene.failed(Scene.B, 2));
    assertThat(scene.moved(Scene.done(Scene.A, 1)).state()).isEqualTo(TaskState.CREATED);
  }

  @Test
  void resetEndsTheWait() {
    Scene scene = waitingForAny();

    Task task = scene.moved(new Command.Reset("ann"));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.waitAny()).isFalse();
    assertThat(task.outbox())
        .extracting(PendingEffect::effect)
        .containsExactly(new Effect.Publish(3));
  }

  @Test
  void waitForNamedOnesAfterwardsIsForAllOfThem() {
    Scene scene = waitingForAny();
    scene.moved(new Command.Reset("ann"));
    scene.having(s -> s.claim("c1"));
    scene.moved(scene.fail(TaskState.UNFINISHED_DEPENDENCY, Scene.A, Scene.B));

    assertThat(scene.moved(Scene.done(Scene.A, 1)).state())
        .isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
  }

  @Test
  void cancelEndsTheWait() {
    Scene scene = waitingForAny();

    Task task = scene.moved(new Command.Cancel("ann"));

    assertThat(task.state()).isEqualTo(TaskState.CANCELLED);
    assertThat(task.waitAny()).isFalse();
    assertThat(task.outbox()).isEmpty();
  }

  @Test
  void whatIsStillToBeMadeIsNotForgottenOverIt() {
    Effect.Needed made = new Effect.Needed(Scene.A.id(), Scene.A.key(), Map.of("x", 1));
    Scene scene = Scene.waiting(OnDependencyFailure.FAIL, made);
    scene.moved(new Command.ForceRetry("ann"));
    scene.having(s -> s.claim("c1"));

    scene.moved(scene.fail(TaskState.UNFINISHED_DEPENDENCY));

    assertThat(scene.outbox(Effect.Register.class))
        .containsExactly(new Effect.Register(List.of(made)), new Effect.Register(List.of()));
  }

  @Test
  void successOfAKnownDependencyWakesItOnce() {
    Scene scene = Scene.waiting(OnDependencyFailure.FAIL, Scene.A);
    scene.moved(Scene.done(Scene.A, 1));
    scene.having(s -> s.claim("c1"));
    scene.moved(scene.fail(TaskState.UNFINISHED_DEPENDENCY));

    scene.unchanged(Scene.done(Scene.A, 1));
    assertThat(scene.moved(Scene.done(Scene.A, 2)).state()).isEqualTo(TaskState.CREATED);
  }
}
