package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Admission;
import dev.docket.task.KeyLimits;
import dev.docket.task.Rate;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs of keys that are paused or limited. */
class LimitedRunTest {

  private static final KeyLimits PAUSED = new KeyLimits(KeyLimits.Hold.PAUSED, null, null);
  private static final KeyLimits TWO = new KeyLimits(null, 2, null);
  private static final KeyLimits SLOW = new KeyLimits(null, null, Rate.parse("5/m"));
  private static final Admission SLOT = new Admission("a1", 2);

  private static TaskScenario waiting(KeyLimits limits) {
    return TaskScenario.limited(TaskScenario.CLAIMS, limits);
  }

  private static TaskScenario admitted() {
    return waiting(TWO).apply(s -> new Command.Admit(SLOT));
  }

  private static void assertReleases(TaskScenario scenario) {
    assertThat(scenario.effects(Effect.ReleaseSlot.class))
        .containsExactly(new Effect.ReleaseSlot(SLOT));
    assertThat(scenario.task.run().admission()).isNull();
  }

  private static void assertWaits(Task task) {
    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.run().limitedSince()).isNotNull();
    assertThat(task.run().dispatchedAt()).isNull();
    assertThat(task.outbox()).noneMatch(p -> p.effect() instanceof Effect.Publish);
  }

  static Stream<KeyLimits> limits() {
    return Stream.of(PAUSED, TWO, SLOW);
  }

  @ParameterizedTest
  @MethodSource("limits")
  void newTaskWaitsWithoutMessage(KeyLimits limits) {
    TaskScenario scenario = waiting(limits);

    assertWaits(scenario.task);
    assertThat(scenario.task.run().limitedSince()).isEqualTo(TaskScenario.START);
    assertThat(scenario.task.outboxDue()).isEmpty();
    scenario.assertUnchanged(scenario.confirm());
    scenario.assertUnchanged(scenario.noRoute());
    scenario.assertUnchanged(new Command.Publish());
    scenario.assertUnchanged(new Command.Redispatch());
    scenario.assertUnchanged(new Command.RetryNow("ann"));
  }

  @ParameterizedTest
  @MethodSource("limits")
  void claimOfWaitingRunIsRefusedWithoutChange(KeyLimits limits) {
    TaskScenario scenario = waiting(limits);

    Decision.Refused refused = scenario.assertRefused(scenario.claim("c1"));

    assertThat(refused.reason()).isEqualTo(Decision.Reason.LIMITED);
    assertThat(refused.updated()).isNull();
    assertThat(refused.detail()).isEqualTo(limits.reason());
  }

  @ParameterizedTest
  @MethodSource("limits")
  void claimOfQueuedRunThatWasNotAdmittedMakesItWait(KeyLimits limits) {
    TaskScenario scenario = TaskScenario.queued();
    int attempt = scenario.task.run().attempt();
    scenario.limits = limits;

    scenario.assertRefused(scenario.claim("c1"));

    assertWaits(scenario.task);
    assertThat(scenario.task.run().attempt()).isEqualTo(attempt);
    assertThat(scenario.task.run().failures()).isZero();
    assertThat(scenario.lastTransition().message()).contains(limits.reason());
  }

  @Test
  void claimThatComesBeforeTheConfirmMakesRunWait() {
    TaskScenario scenario = TaskScenario.created();
    scenario.limits = PAUSED;

    scenario.assertRefused(scenario.claim("c1"));

    assertWaits(scenario.task);
    scenario.assertUnchanged(scenario.confirm());
  }

  @Test
  void admittedRunIsPublishedAndClaimed() {
    TaskScenario scenario = admitted();

    assertThat(scenario.task.run().limitedSince()).isNull();
    assertThat(scenario.task.run().admission()).isEqualTo(SLOT);
    assertThat(scenario.effects(Effect.Publish.class)).hasSize(1);
    scenario.apply(TaskScenario::confirm).apply(s -> s.claim("c1"));
    assertThat(scenario.task.run().admission()).isEqualTo(SLOT);
    assertThat(scenario.effects(Effect.ReleaseSlot.class)).isEmpty();
  }

  @Test
  void admissionOfRunThatDoesNotWaitChangesNothing() {
    admitted().assertUnchanged(new Command.Admit(new Admission("a2", 1)));
    TaskScenario.queued().assertUnchanged(new Command.Admit(SLOT));
  }

  @Test
  void admissionThatLimitsDoNotPermitChangesNothing() {
    waiting(PAUSED).assertUnchanged(new Command.Admit(SLOT));
    waiting(TWO).assertUnchanged(new Command.Admit(new Admission("a1", null)));
    waiting(TWO).assertUnchanged(new Command.Admit(new Admission("a1", 3)));
  }

  @Test
  void runIsAdmittedWithoutSlotOnceLimitsAreRemoved() {
    TaskScenario scenario = waiting(TWO);
    scenario.limits = KeyLimits.NONE;

    scenario.assertChanged(new Command.Admit(new Admission("a1", null)));

    assertThat(scenario.effects(Effect.Publish.class)).hasSize(1);
  }

  @Test
  void waitingRunCanBeClaimedOnceLimitsAreRemoved() {
    TaskScenario scenario = waiting(PAUSED);
    scenario.limits = KeyLimits.NONE;

    Task task = scenario.assertChanged(scenario.claim("c1"));

    assertThat(task.state()).isEqualTo(TaskState.PROCESSING);
    assertThat(task.run().limitedSince()).isNull();
  }

  static Stream<TaskScenario.CommandFactory> ends() {
    return Stream.of(
        s -> s.complete(1),
        s -> s.fail(TaskState.ERROR),
        s -> s.fail(TaskState.ERROR_PROXY),
        s -> s.fail(TaskState.UNFINISHED_DEPENDENCY, TaskScenario.TASK_A),
        TaskScenario::giveBack,
        s -> new Command.LeaseLost(),
        s -> new Command.TimedOut(),
        s -> new Command.ForceRetry("ann"),
        s -> new Command.Reset("ann"),
        s -> new Command.Unstorable("why"),
        s -> new Command.Delete("ann"));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void endOfRunReleasesSlot(TaskScenario.CommandFactory end) {
    TaskScenario scenario = admitted().apply(TaskScenario::confirm).apply(s -> s.claim("c1"));

    scenario.apply(end);

    assertReleases(scenario);
  }

  @Test
  void cancelOfQueuedRunReleasesSlot() {
    TaskScenario scenario = admitted().apply(TaskScenario::confirm);

    scenario.apply(s -> new Command.Cancel("ann"));

    assertReleases(scenario);
  }

  @Test
  void pauseTakesSlotFromQueuedRunAtItsClaim() {
    TaskScenario scenario = admitted().apply(TaskScenario::confirm);
    scenario.limits = TWO.with(KeyLimits.Hold.PAUSED);

    scenario.assertRefused(scenario.claim("c1"));

    assertWaits(scenario.task);
    assertReleases(scenario);
  }

  @Test
  void lowerConcurrencyTakesHigherSlotFromQueuedRunAtItsClaim() {
    TaskScenario scenario = admitted().apply(TaskScenario::confirm);
    scenario.limits = new KeyLimits(null, 1, null);

    scenario.assertRefused(scenario.claim("c1"));

    assertReleases(scenario);
  }

  @Test
  void pauseDoesNotStopRunInProgress() {
    TaskScenario scenario = admitted().apply(TaskScenario::confirm).apply(s -> s.claim("c1"));
    scenario.limits = PAUSED;

    scenario.apply(TaskScenario::heartbeat).apply(s -> s.complete(0));

    assertThat(scenario.task.state()).isEqualTo(TaskState.SUCCESS);
  }

  @Test
  void deletionKeepsPendingRelease() {
    TaskScenario scenario =
        admitted().apply(TaskScenario::confirm).apply(s -> s.claim("c1")).apply(s -> s.complete(0));

    scenario.apply(s -> new Command.Delete("ann"));

    assertThat(scenario.effects(Effect.ReleaseSlot.class))
        .containsExactly(new Effect.ReleaseSlot(SLOT));
  }

  @Test
  void nextRunOfLimitedKeyWaitsAfterItsBackoff() {
    TaskScenario scenario = admitted().apply(TaskScenario::confirm).apply(s -> s.claim("c1"));
    scenario.apply(s -> s.fail(TaskState.ERROR_PROXY));
    assertThat(scenario.task.run().limitedSince()).isNull();

    scenario.advance(Duration.ofHours(1)).apply(s -> new Command.Publish());

    assertWaits(scenario.task);
  }

  @Test
  void lostMessageOfAdmittedRunIsPublishedAgain() {
    TaskScenario scenario = admitted().apply(TaskScenario::confirm);

    scenario.apply(s -> new Command.Redispatch());

    assertThat(scenario.effects(Effect.Publish.class)).hasSize(1);
    assertThat(scenario.task.run().admission()).isEqualTo(SLOT);
  }

  @Test
  void lostMessageOfRunThatWasNotAdmittedMakesItWait() {
    TaskScenario scenario = TaskScenario.queued();
    scenario.limits = TWO;

    scenario.apply(s -> new Command.Redispatch());

    assertWaits(scenario.task);
  }

  @Test
  void unroutableRunReleasesSlotAndKeepsItsRate() {
    TaskScenario scenario = admitted().apply(TaskScenario::noRoute);

    assertThat(scenario.task.state()).isEqualTo(TaskState.NO_ROUTE_TO_QUEUE);
    assertThat(scenario.effects(Effect.ReleaseSlot.class))
        .containsExactly(new Effect.ReleaseSlot(SLOT));
    assertThat(TWO.permit(scenario.task.run().admission())).isFalse();
    assertThat(SLOW.permit(scenario.task.run().admission())).isTrue();
  }

  @Test
  void workerThatDoesNotClaimMayWorkOnWaitingRunThatItHolds() {
    TaskScenario scenario = TaskScenario.limited(TaskScenario.LATE_ACK, PAUSED);

    scenario.apply(TaskScenario::started);

    assertThat(scenario.task.run().limitedSince()).isNull();
    scenario.apply(s -> s.complete(0));
  }

  @Test
  void manualTaskOfLimitedKeyIsOpenOnceItIsAdmitted() {
    TaskScenario scenario = TaskScenario.limitedManual(TWO);
    scenario.assertRefused(scenario.claim("c1"));
    Instant later = TaskScenario.START.plusSeconds(60);

    scenario.advance(Duration.ofSeconds(60)).apply(s -> new Command.Admit(SLOT));

    assertThat(scenario.task.run().queuedAt()).isEqualTo(later);
    assertThat(scenario.effects(Effect.Publish.class)).isEmpty();
    scenario.apply(s -> s.claim("c1")).apply(s -> s.complete(0));
    assertReleases(scenario);
  }

  @Test
  void fenceChangesOnlyTheRecord() {
    TaskScenario scenario = waiting(TWO);
    Task before = scenario.task;

    scenario.advance(Duration.ofSeconds(1)).apply(s -> new Command.Fence());

    assertThat(scenario.task.run()).isEqualTo(before.run());
    assertThat(scenario.task.history()).isEqualTo(before.history());
  }
}
