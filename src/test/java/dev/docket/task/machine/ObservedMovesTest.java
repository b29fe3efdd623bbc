package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What sweeps and watches decide. */
class ObservedMovesTest {

  private static final Instant TOMORROW = Scene.START.plus(Duration.ofDays(1));

  @Test
  void lostLeaseIsAFailureThatIsTriedAgain() {
    Scene scene = Scene.running();

    Task task = scene.moved(new Command.LeaseLost());

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.attempt()).isEqualTo(2);
    assertThat(task.failures()).isEqualTo(1);
    assertThat(task.lease()).isNull();
    assertThat(task.dueAt()).isEqualTo(Scene.START.plusSeconds(10));
    assertThat(scene.lastMove().message()).contains("nothing heard of w");
  }

  @Test
  void lastLostLeaseThatIsAllowedEndsTheTask() {
    Scene scene = Scene.running();
    scene.moved(new Command.LeaseLost());
    scene.having(s -> s.claim("c1")).moved(new Command.LeaseLost());

    Task task = scene.having(s -> s.claim("c1")).moved(new Command.LeaseLost());

    assertThat(task.state()).isEqualTo(TaskState.ERROR);
    assertThat(task.failures()).isEqualTo(3);
  }

  @Test
  void lossOfAProvisionalLeaseIsNoFailure() {
    Scene scene = Scene.queued();
    scene.moved(new Command.Claim(1, scene.task.run(), "c1", "w", true));

    Task task = scene.moved(new Command.LeaseLost());

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.attempt()).isEqualTo(2);
    assertThat(task.failures()).isZero();
  }

  @Test
  void withoutALeaseNoneIsLost() {
    Scene.queued().unchanged(new Command.LeaseLost());
    Scene.begun().unchanged(new Command.LeaseLost());
    Scene.done(0).unchanged(new Command.LeaseLost());
  }

  @Test
  void runThatTakesTooLongIsTriedAgain() {
    Scene scene = Scene.running();

    Task task = scene.moved(new Command.TimedOut());

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.attempt()).isEqualTo(2);
    assertThat(task.failures()).isEqualTo(1);
    assertThat(task.message()).startsWith("408: ran longer than PT1H");
  }

  @Test
  void lastRunThatIsAllowedTimesOut() {
    Scene scene = Scene.running();
    scene.moved(new Command.TimedOut());
    scene.having(s -> s.claim("c1")).moved(new Command.TimedOut());

    Task task = scene.having(s -> s.claim("c1")).moved(new Command.TimedOut());

    assertThat(task.state()).isEqualTo(TaskState.TIMED_OUT);
  }

  @Test
  void timeoutCountsFromAKnownStartOnly() {
    Scene.queued().unchanged(new Command.TimedOut());
    Scene.done(0).unchanged(new Command.TimedOut());
    Scene begun = Scene.begun();
    assertThat(begun.moved(new Command.TimedOut()).attempt()).isEqualTo(2);
  }

  @Test
  void unansweredTaskIsSentAgainAsANewRunAtOnce() {
    Scene scene = Scene.created(Scene.LATE).having(Scene::confirm).after(Duration.ofDays(8));

    Task task = scene.moved(new Command.Unanswered(false));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.attempt()).isEqualTo(2);
    assertThat(task.failures()).isZero();
    assertThat(task.dueAt()).isNull();
    assertThat(task.unansweredAfter()).isNull();
    assertThat(scene.outbox(Effect.Publish.class)).containsExactly(new Effect.Publish(2));
  }

  @Test
  void unansweredMayCountAsAFailureUntilTheyAreUsedUp() {
    Scene scene = Scene.created(Scene.LATE).having(Scene::confirm);
    for (int failures = 1; failures < 3; failures++) {
      assertThat(scene.moved(new Command.Unanswered(true)).failures()).isEqualTo(failures);
      scene.having(Scene::confirm);
    }

    Task task = scene.moved(new Command.Unanswered(true));

    assertThat(task.state()).isEqualTo(TaskState.ERROR);
    assertThat(task.failures()).isEqualTo(3);
  }

  @Test
  void workerWithoutLeaseThatHasBegunMayBeUnanswered() {
    assertThat(Scene.begun().moved(new Command.Unanswered(false)).state())
        .isEqualTo(TaskState.CREATED);
  }

  @Test
  void workerWithALeaseIsNotUnanswered() {
    Scene.running().unchanged(new Command.Unanswered(true));
  }

  @Test
  void whatIsNotWithTheBrokerIsNotUnanswered() {
    Scene.created().unchanged(new Command.Unanswered(true));
    Scene.unroutable().unchanged(new Command.Unanswered(true));
    Scene.done(0).unchanged(new Command.Unanswered(true));
  }

  @Test
  void messageThatTheBrokerLostIsSentAgainAsTheSameRun() {
    Scene scene = Scene.queued().after(Duration.ofMinutes(1));
    String run = scene.task.run();

    Task task = scene.moved(new Command.Redispatch());

    assertThat(task.state()).isEqualTo(TaskState.QUEUED);
    assertThat(task.isRun(1, run)).isTrue();
    assertThat(task.dispatchedAt()).isEqualTo(scene.now);
    assertThat(task.queuedAt()).isEqualTo(Scene.START);
    assertThat(scene.outbox(Effect.Publish.class)).containsExactly(new Effect.Publish(1));
  }

  @Test
  void taskWithoutQueueIsSentAgainAsTheSameRun() {
    Scene scene = Scene.unroutable();
    String run = scene.task.run();

    Task task = scene.moved(new Command.Redispatch());

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.isRun(1, run)).isTrue();
    assertThat(scene.outbox(Effect.Publish.class)).hasSize(1);
  }

  @Test
  void onlyWhatTheBrokerShouldHaveIsSentAgain() {
    Scene.created().unchanged(new Command.Redispatch());
    Scene.running().unchanged(new Command.Redispatch());
    Scene.done(0).unchanged(new Command.Redispatch());
    Scene.waiting(OnDependencyFailure.FAIL, Scene.A).unchanged(new Command.Redispatch());
  }

  @Test
  void delayedTaskIsPublishedWhenItsTimeHasCome() {
    Scene scene = Scene.createdFor(TOMORROW);
    scene.unchanged(new Command.Publish());
    scene.after(Duration.ofDays(1));

    Task task = scene.moved(new Command.Publish());

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.dueAt()).isNull();
    assertThat(task.dispatchedAt()).isEqualTo(scene.now);
    assertThat(scene.pending(Effect.Publish.class).due()).isEqualTo(scene.now.plusSeconds(30));
  }

  @Test
  void forgottenMessageIsPublishedAgainAsTheSameRun() {
    Scene scene = Scene.created().after(Duration.ofSeconds(30));
    Task before = scene.task;

    Task task = scene.moved(new Command.Publish());

    assertThat(task.isRun(before.attempt(), before.run())).isTrue();
    assertThat(task.outbox()).hasSize(1);
    assertThat(task.outbox().get(0).id()).isNotEqualTo(before.outbox().get(0).id());
  }

  @Test
  void whoPublishesTakesTheOtherOverdueEffectsToo() {
    Scene scene = Scene.done(1);
    scene.moved(new Command.Reset("ann"));
    scene.after(Duration.ofSeconds(30));

    scene.moved(new Command.Publish());

    assertThat(scene.pending(Effect.StoreResults.class).due()).isEqualTo(scene.now.plusSeconds(30));
  }

  @Test
  void whatHasNothingToPublishIsNotPublished() {
    Scene.queued().after(Duration.ofDays(9)).unchanged(new Command.Publish());
    Scene.done(1).after(Duration.ofDays(9)).unchanged(new Command.Publish());
  }

  @Test
  void whoTakesAnOverdueEffectMovesItsDueTime() {
    Scene scene = Scene.done(1).after(Duration.ofMinutes(1));
    PendingEffect before = scene.task.outbox().get(0);
    Instant until = scene.now.plusSeconds(30);

    scene.moved(new Command.TakeOverdue(until));

    assertThat(scene.task.outbox())
        .isEqualTo(List.of(new PendingEffect(before.id(), until, before.effect())));
  }

  @Test
  void effectsThatAreNotOverdueCannotBeTaken() {
    Scene scene = Scene.done(1).after(Duration.ofSeconds(29));

    scene.unchanged(new Command.TakeOverdue(scene.now.plusSeconds(30)));
  }
}
