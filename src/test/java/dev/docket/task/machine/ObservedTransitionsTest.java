package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.OnDependencyFailure;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Transitions decided by sweeps. */
class ObservedTransitionsTest {

  private static final Instant TOMORROW = TaskScenario.START.plus(Duration.ofDays(1));

  @Test
  void retriesAfterLostLease() {
    TaskScenario scenario = TaskScenario.running();

    Task task = scenario.assertChanged(new Command.LeaseLost());

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.run().attempt()).isEqualTo(2);
    assertThat(task.run().failures()).isEqualTo(1);
    assertThat(task.run().lease()).isNull();
    assertThat(task.run().dueAt()).isEqualTo(TaskScenario.START.plusSeconds(10));
    assertThat(scenario.lastTransition().message()).contains("no report from w");
  }

  @Test
  void lastAllowedLostLeaseEndsTask() {
    TaskScenario scenario = TaskScenario.running();
    scenario.assertChanged(new Command.LeaseLost());
    scenario.apply(s -> s.claim("c1")).assertChanged(new Command.LeaseLost());

    Task task = scenario.apply(s -> s.claim("c1")).assertChanged(new Command.LeaseLost());

    assertThat(task.state()).isEqualTo(TaskState.ERROR);
    assertThat(task.run().failures()).isEqualTo(3);
  }

  @Test
  void lossOfProvisionalLeaseIsNoFailure() {
    TaskScenario scenario = TaskScenario.queued();
    scenario.assertChanged(
        Command.Claim.forPoll(
            new Reporter(new RunRef(1, scenario.task.run().token()), "c1", "w"), null, null));

    Task task = scenario.assertChanged(new Command.LeaseLost());

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.run().attempt()).isEqualTo(2);
    assertThat(task.run().failures()).isZero();
  }

  @Test
  void ignoresLeaseLostWithoutLease() {
    TaskScenario.queued().assertUnchanged(new Command.LeaseLost());
    TaskScenario.startedWithoutLease().assertUnchanged(new Command.LeaseLost());
    TaskScenario.succeeded(0).assertUnchanged(new Command.LeaseLost());
  }

  @Test
  void retriesAfterTimeout() {
    TaskScenario scenario = TaskScenario.running();

    Task task = scenario.assertChanged(new Command.TimedOut());

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.run().attempt()).isEqualTo(2);
    assertThat(task.run().failures()).isEqualTo(1);
    assertThat(task.message()).startsWith("408: exceeded its timeout of PT1H");
  }

  @Test
  void lastAllowedRunTimesOut() {
    TaskScenario scenario = TaskScenario.running();
    scenario.assertChanged(new Command.TimedOut());
    scenario.apply(s -> s.claim("c1")).assertChanged(new Command.TimedOut());

    Task task = scenario.apply(s -> s.claim("c1")).assertChanged(new Command.TimedOut());

    assertThat(task.state()).isEqualTo(TaskState.TIMED_OUT);
  }

  @Test
  void timeoutNeedsKnownStart() {
    TaskScenario.queued().assertUnchanged(new Command.TimedOut());
    TaskScenario.succeeded(0).assertUnchanged(new Command.TimedOut());
    TaskScenario started = TaskScenario.startedWithoutLease();
    assertThat(started.assertChanged(new Command.TimedOut()).run().attempt()).isEqualTo(2);
  }

  @Test
  void publishesUnansweredTaskImmediatelyAsNewRun() {
    TaskScenario scenario =
        TaskScenario.created(TaskScenario.LATE_ACK)
            .apply(TaskScenario::confirm)
            .advance(Duration.ofDays(8));

    Task task = scenario.assertChanged(new Command.Unanswered(false));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.run().attempt()).isEqualTo(2);
    assertThat(task.run().failures()).isZero();
    assertThat(task.run().dueAt()).isNull();
    assertThat(task.run().unansweredAfter()).isNull();
    assertThat(scenario.effects(Effect.Publish.class)).containsExactly(new Effect.Publish(2));
  }

  @Test
  void unansweredRunsMayCountAsFailures() {
    TaskScenario scenario =
        TaskScenario.created(TaskScenario.LATE_ACK).apply(TaskScenario::confirm);
    for (int failures = 1; failures < 3; failures++) {
      assertThat(scenario.assertChanged(new Command.Unanswered(true)).run().failures())
          .isEqualTo(failures);
      scenario.apply(TaskScenario::confirm);
    }

    Task task = scenario.assertChanged(new Command.Unanswered(true));

    assertThat(task.state()).isEqualTo(TaskState.ERROR);
    assertThat(task.run().failures()).isEqualTo(3);
  }

  @Test
  void startedTaskWithoutLeaseMayBeUnanswered() {
    assertThat(
            TaskScenario.startedWithoutLease().assertChanged(new Command.Unanswered(false)).state())
        .isEqualTo(TaskState.CREATED);
  }

  @Test
  void taskWithLeaseIsNotUnanswered() {
    TaskScenario.running().assertUnchanged(new Command.Unanswered(true));
  }

  @Test
  void unqueuedTaskIsNotUnanswered() {
    TaskScenario.created().assertUnchanged(new Command.Unanswered(true));
    TaskScenario.unroutable().assertUnchanged(new Command.Unanswered(true));
    TaskScenario.succeeded(0).assertUnchanged(new Command.Unanswered(true));
  }

  @Test
  void republishesLostMessageAsSameRun() {
    TaskScenario scenario = TaskScenario.queued().advance(Duration.ofMinutes(1));
    RunRef run = scenario.task.run().ref();

    Task task = scenario.assertChanged(new Command.Redispatch());

    assertThat(task.state()).isEqualTo(TaskState.QUEUED);
    assertThat(task.isCurrentRun(run)).isTrue();
    assertThat(task.run().dispatchedAt()).isEqualTo(scenario.now);
    assertThat(task.run().queuedAt()).isEqualTo(TaskScenario.START);
    assertThat(scenario.effects(Effect.Publish.class)).containsExactly(new Effect.Publish(1));
  }

  @Test
  void republishesUnroutableTaskAsSameRun() {
    TaskScenario scenario = TaskScenario.unroutable();
    RunRef run = scenario.task.run().ref();

    Task task = scenario.assertChanged(new Command.Redispatch());

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.isCurrentRun(run)).isTrue();
    assertThat(scenario.effects(Effect.Publish.class)).hasSize(1);
  }

  @Test
  void republishesOnlyQueuedAndUnroutableTasks() {
    TaskScenario.created().assertUnchanged(new Command.Redispatch());
    TaskScenario.running().assertUnchanged(new Command.Redispatch());
    TaskScenario.succeeded(0).assertUnchanged(new Command.Redispatch());
    TaskScenario.waiting(OnDependencyFailure.FAIL, TaskScenario.TASK_A)
        .assertUnchanged(new Command.Redispatch());
  }

  @Test
  void publishesDelayedTaskWhenDue() {
    TaskScenario scenario = TaskScenario.delayedUntil(TOMORROW);
    scenario.assertUnchanged(new Command.Publish());
    scenario.advance(Duration.ofDays(1));

    Task task = scenario.assertChanged(new Command.Publish());

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.run().dueAt()).isNull();
    assertThat(task.run().dispatchedAt()).isEqualTo(scenario.now);
    assertThat(scenario.pendingEffect(Effect.Publish.class).due())
        .isEqualTo(scenario.now.plusSeconds(30));
  }

  @Test
  void publishesOverdueMessageAsSameRun() {
    TaskScenario scenario = TaskScenario.created().advance(Duration.ofSeconds(30));
    Task before = scenario.task;

    Task task = scenario.assertChanged(new Command.Publish());

    assertThat(task.isCurrentRun(before.run().ref())).isTrue();
    assertThat(task.outbox()).hasSize(1);
    assertThat(task.outbox().get(0).id()).isNotEqualTo(before.outbox().get(0).id());
  }

  @Test
  void publishPostponesOtherOverdueEffects() {
    TaskScenario scenario = TaskScenario.succeeded(1);
    scenario.assertChanged(new Command.Reset("ann"));
    scenario.advance(Duration.ofSeconds(30));

    scenario.assertChanged(new Command.Publish());

    assertThat(scenario.pendingEffect(Effect.StoreResults.class).due())
        .isEqualTo(scenario.now.plusSeconds(30));
  }

  @Test
  void ignoresPublishWithoutPublishEffect() {
    TaskScenario.queued().advance(Duration.ofDays(9)).assertUnchanged(new Command.Publish());
    TaskScenario.succeeded(1).advance(Duration.ofDays(9)).assertUnchanged(new Command.Publish());
  }

  @Test
  void takingOverdueEffectsPostponesThem() {
    TaskScenario scenario = TaskScenario.succeeded(1).advance(Duration.ofMinutes(1));
    PendingEffect before = scenario.task.outbox().get(0);
    Instant until = scenario.now.plusSeconds(30);

    scenario.assertChanged(new Command.TakeOverdue(until));

    assertThat(scenario.task.outbox())
        .isEqualTo(List.of(new PendingEffect(before.id(), until, before.effect())));
  }

  @Test
  void effectsThatAreNotDueCannotBeTaken() {
    TaskScenario scenario = TaskScenario.succeeded(1).advance(Duration.ofSeconds(29));

    scenario.assertUnchanged(new Command.TakeOverdue(scenario.now.plusSeconds(30)));
  }

  @Test
  void takingWritesTaskWithoutEffectsUntilThen() {
    TaskScenario queued = TaskScenario.queued();
    queued.assertChanged(new Command.TakeOverdue(queued.now.plusSeconds(30)));
    TaskScenario delayed = TaskScenario.delayedUntil(TOMORROW);
    delayed.assertChanged(new Command.TakeOverdue(delayed.now.plusSeconds(30)));

    assertThat(queued.task.outbox()).isEmpty();
    assertThat(delayed.pendingEffect(Effect.Publish.class).due()).isEqualTo(TOMORROW);
  }

  @Test
  void expiredTaskIsDeletedWithItsResults() {
    TaskScenario scenario = TaskScenario.succeeded(2);
    scenario.assertChanged(scenario.effectDone(Effect.StoreResults.class));

    Task task = scenario.advance(Duration.ofDays(90)).assertChanged(new Command.Expire());

    assertThat(task.deletedAt()).isEqualTo(scenario.now);
    assertThat(task.state()).isEqualTo(TaskState.SUCCESS);
    assertThat(scenario.effects(Effect.DeleteResults.class))
        .containsExactly(new Effect.DeleteResults(List.of(task.latestResults())));
    assertThat(scenario.lastTransition().by()).isEqualTo("expire");
  }

  @Test
  void taskWithPendingEffectsDoesNotExpire() {
    TaskScenario.succeeded(2).assertUnchanged(new Command.Expire());
  }

  @Test
  void unfinishedTaskDoesNotExpire() {
    TaskScenario.queued().assertUnchanged(new Command.Expire());
    TaskScenario.running().assertUnchanged(new Command.Expire());
  }
}
