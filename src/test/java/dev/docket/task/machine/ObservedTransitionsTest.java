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
class ObservedTransitionsTest {

  private static final Instant TOMORROW = TaskScenario.START.plus(Duration.ofDays(1));

  @Test
  void lostLeaseIsAFailureThatIsTriedAgain() {
    TaskScenario scenario = TaskScenario.running();

    Task task = scenario.moved(new Command.LeaseLost());

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.attempt()).isEqualTo(2);
    assertThat(task.failures()).isEqualTo(1);
    assertThat(task.lease()).isNull();
    assertThat(task.dueAt()).isEqualTo(TaskScenario.START.plusSeconds(10));
    assertThat(scenario.lastMove().message()).contains("nothing heard of w");
  }

  @Test
  void lastLostLeaseThatIsAllowedEndsTheTask() {
    TaskScenario scenario = TaskScenario.running();
    scenario.moved(new Command.LeaseLost());
    scenario.having(s -> s.claim("c1")).moved(new Command.LeaseLost());

    Task task = scenario.having(s -> s.claim("c1")).moved(new Command.LeaseLost());

    assertThat(task.state()).isEqualTo(TaskState.ERROR);
    assertThat(task.failures()).isEqualTo(3);
  }

  @Test
  void lossOfAProvisionalLeaseIsNoFailure() {
    TaskScenario scenario = TaskScenario.queued();
    scenario.moved(new Command.Claim(1, scenario.task.run(), "c1", "w", true));

    Task task = scenario.moved(new Command.LeaseLost());

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.attempt()).isEqualTo(2);
    assertThat(task.failures()).isZero();
  }

  @Test
  void withoutALeaseNoneIsLost() {
    TaskScenario.queued().unchanged(new Command.LeaseLost());
    TaskScenario.begun().unchanged(new Command.LeaseLost());
    TaskScenario.done(0).unchanged(new Command.LeaseLost());
  }

  @Test
  void runThatTakesTooLongIsTriedAgain() {
    TaskScenario scenario = TaskScenario.running();

    Task task = scenario.moved(new Command.TimedOut());

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.attempt()).isEqualTo(2);
    assertThat(task.failures()).isEqualTo(1);
    assertThat(task.message()).startsWith("408: ran longer than PT1H");
  }

  @Test
  void lastRunThatIsAllowedTimesOut() {
    TaskScenario scenario = TaskScenario.running();
    scenario.moved(new Command.TimedOut());
    scenario.having(s -> s.claim("c1")).moved(new Command.TimedOut());

    Task task = scenario.having(s -> s.claim("c1")).moved(new Command.TimedOut());

    assertThat(task.state()).isEqualTo(TaskState.TIMED_OUT);
  }

  @Test
  void timeoutCountsFromAKnownStartOnly() {
    TaskScenario.queued().unchanged(new Command.TimedOut());
    TaskScenario.done(0).unchanged(new Command.TimedOut());
    TaskScenario begun = TaskScenario.begun();
    assertThat(begun.moved(new Command.TimedOut()).attempt()).isEqualTo(2);
  }

  @Test
  void unansweredTaskIsSentAgainAsANewRunAtOnce() {
    TaskScenario scenario =
        TaskScenario.created(TaskScenario.LATE)
            .having(TaskScenario::confirm)
            .after(Duration.ofDays(8));

    Task task = scenario.moved(new Command.Unanswered(false));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.attempt()).isEqualTo(2);
    assertThat(task.failures()).isZero();
    assertThat(task.dueAt()).isNull();
    assertThat(task.unansweredAfter()).isNull();
    assertThat(scenario.outbox(Effect.Publish.class)).containsExactly(new Effect.Publish(2));
  }

  @Test
  void unansweredMayCountAsAFailureUntilTheyAreUsedUp() {
    TaskScenario scenario = TaskScenario.created(TaskScenario.LATE).having(TaskScenario::confirm);
    for (int failures = 1; failures < 3; failures++) {
      assertThat(scenario.moved(new Command.Unanswered(true)).failures()).isEqualTo(failures);
      scenario.having(TaskScenario::confirm);
    }

    Task task = scenario.moved(new Command.Unanswered(true));

    assertThat(task.state()).isEqualTo(TaskState.ERROR);
    assertThat(task.failures()).isEqualTo(3);
  }

  @Test
  void workerWithoutLeaseThatHasBegunMayBeUnanswered() {
    assertThat(TaskScenario.begun().moved(new Command.Unanswered(false)).state())
        .isEqualTo(TaskState.CREATED);
  }

  @Test
  void workerWithALeaseIsNotUnanswered() {
    TaskScenario.running().unchanged(new Command.Unanswered(true));
  }

  @Test
  void whatIsNotWithTheBrokerIsNotUnanswered() {
    TaskScenario.created().unchanged(new Command.Unanswered(true));
    TaskScenario.unroutable().unchanged(new Command.Unanswered(true));
    TaskScenario.done(0).unchanged(new Command.Unanswered(true));
  }

  @Test
  void messageThatTheBrokerLostIsSentAgainAsTheSameRun() {
    TaskScenario scenario = TaskScenario.queued().after(Duration.ofMinutes(1));
    String run = scenario.task.run();

    Task task = scenario.moved(new Command.Redispatch());

    assertThat(task.state()).isEqualTo(TaskState.QUEUED);
    assertThat(task.isRun(1, run)).isTrue();
    assertThat(task.dispatchedAt()).isEqualTo(scenario.now);
    assertThat(task.queuedAt()).isEqualTo(TaskScenario.START);
    assertThat(scenario.outbox(Effect.Publish.class)).containsExactly(new Effect.Publish(1));
  }

  @Test
  void taskWithoutQueueIsSentAgainAsTheSameRun() {
    TaskScenario scenario = TaskScenario.unroutable();
    String run = scenario.task.run();

    Task task = scenario.moved(new Command.Redispatch());

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.isRun(1, run)).isTrue();
    assertThat(scenario.outbox(Effect.Publish.class)).hasSize(1);
  }

  @Test
  void onlyWhatTheBrokerShouldHaveIsSentAgain() {
    TaskScenario.created().unchanged(new Command.Redispatch());
    TaskScenario.running().unchanged(new Command.Redispatch());
    TaskScenario.done(0).unchanged(new Command.Redispatch());
    TaskScenario.waiting(OnDependencyFailure.FAIL, TaskScenario.A)
        .unchanged(new Command.Redispatch());
  }

  @Test
  void delayedTaskIsPublishedWhenItsTimeHasCome() {
    TaskScenario scenario = TaskScenario.createdFor(TOMORROW);
    scenario.unchanged(new Command.Publish());
    scenario.after(Duration.ofDays(1));

    Task task = scenario.moved(new Command.Publish());

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.dueAt()).isNull();
    assertThat(task.dispatchedAt()).isEqualTo(scenario.now);
    assertThat(scenario.pending(Effect.Publish.class).due())
        .isEqualTo(scenario.now.plusSeconds(30));
  }

  @Test
  void forgottenMessageIsPublishedAgainAsTheSameRun() {
    TaskScenario scenario = TaskScenario.created().after(Duration.ofSeconds(30));
    Task before = scenario.task;

    Task task = scenario.moved(new Command.Publish());

    assertThat(task.isRun(before.attempt(), before.run())).isTrue();
    assertThat(task.outbox()).hasSize(1);
    assertThat(task.outbox().get(0).id()).isNotEqualTo(before.outbox().get(0).id());
  }

  @Test
  void whoPublishesTakesTheOtherOverdueEffectsToo() {
    TaskScenario scenario = TaskScenario.done(1);
    scenario.moved(new Command.Reset("ann"));
    scenario.after(Duration.ofSeconds(30));

    scenario.moved(new Command.Publish());

    assertThat(scenario.pending(Effect.StoreResults.class).due())
        .isEqualTo(scenario.now.plusSeconds(30));
  }

  @Test
  void whatHasNothingToPublishIsNotPublished() {
    TaskScenario.queued().after(Duration.ofDays(9)).unchanged(new Command.Publish());
    TaskScenario.done(1).after(Duration.ofDays(9)).unchanged(new Command.Publish());
  }

  @Test
  void whoTakesAnOverdueEffectMovesItsDueTime() {
    TaskScenario scenario = TaskScenario.done(1).after(Duration.ofMinutes(1));
    PendingEffect before = scenario.task.outbox().get(0);
    Instant until = scenario.now.plusSeconds(30);

    scenario.moved(new Command.TakeOverdue(until));

    assertThat(scenario.task.outbox())
        .isEqualTo(List.of(new PendingEffect(before.id(), until, before.effect())));
  }

  @Test
  void effectsThatAreNotOverdueCannotBeTaken() {
    TaskScenario scenario = TaskScenario.done(1).after(Duration.ofSeconds(29));

    scenario.unchanged(new Command.TakeOverdue(scenario.now.plusSeconds(30)));
  }
}
