package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Lease;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskSpec;
import dev.docket.task.TaskState;
import dev.docket.task.Transition;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Claims, heartbeats, progress and started. */
class WorkerTransitionsTest {

  static Stream<TaskScenario> claimable() {
    TaskScenario reset = TaskScenario.failed();
    reset.assertChanged(new Command.MassReset("ann"));
    return Stream.of(
        TaskScenario.created(), TaskScenario.queued(), TaskScenario.unroutable(), reset);
  }

  @ParameterizedTest
  @MethodSource("claimable")
  void grantsClaim(TaskScenario scenario) {
    Task task = scenario.assertChanged(scenario.claim("c1"));

    assertThat(task.state()).isEqualTo(TaskState.PROCESSING);
    assertThat(task.run().lease())
        .isEqualTo(new Lease("w", "c1", 60, scenario.now.plusSeconds(60), false, null, null));
    assertThat(task.outbox()).isEmpty();
  }

  static Stream<TaskScenario> notClaimable() {
    TaskScenario cancelled = TaskScenario.queued();
    cancelled.assertChanged(new Command.Cancel("ann"));
    return Stream.of(
        TaskScenario.waiting(OnDependencyFailure.FAIL, TaskScenario.TASK_A),
        TaskScenario.succeeded(0),
        TaskScenario.failed(),
        cancelled);
  }

  @ParameterizedTest
  @MethodSource("notClaimable")
  void refusesClaim(TaskScenario scenario) {
    Task before = scenario.task;

    assertThat(scenario.assertRefused(scenario.claim("c9")).reason())
        .isEqualTo(Decision.Reason.ILLEGAL);
    assertThat(scenario.task).isEqualTo(before);
  }

  @Test
  void claimRecordsQueueTime() {
    TaskScenario scenario = TaskScenario.queued().advance(Duration.ofSeconds(7));

    Task task = scenario.assertChanged(scenario.claim("c1"));

    assertThat(task.run().queuedMs()).isEqualTo(7000);
    assertThat(task.run().startedAt()).isEqualTo(scenario.now);
  }

  @Test
  void queueTimeOfEarlyClaimStartsAtDispatch() {
    TaskScenario scenario = TaskScenario.created().advance(Duration.ofMillis(40));

    Task task = scenario.assertChanged(scenario.claim("c1"));

    assertThat(task.run().queuedAt()).isEqualTo(TaskScenario.START);
    assertThat(task.run().queuedMs()).isEqualTo(40);
  }

  @Test
  void grantsSameClaimAgainWithoutWrite() {
    TaskScenario scenario = TaskScenario.running();

    scenario.assertUnchanged(scenario.claim("c1"));
  }

  @Test
  void refusesOtherClaim() {
    TaskScenario scenario = TaskScenario.running();
    Task before = scenario.task;

    Decision.Refused refused = scenario.assertRefused(scenario.claim("c2"));

    assertThat(refused.reason()).isEqualTo(Decision.Reason.HELD);
    assertThat(refused.detail()).contains("worker w");
    assertThat(scenario.task).isEqualTo(before);
  }

  @Test
  void refusesClaimUnderProtocolWithoutClaims() {
    TaskScenario scenario = TaskScenario.created(TaskScenario.LATE_ACK);

    assertThat(scenario.assertRefused(scenario.claim("c1")).reason())
        .isEqualTo(Decision.Reason.ILLEGAL);
  }

  @Test
  void leaseOfPollIsProvisionalUntilFirstReport() {
    TaskScenario scenario = TaskScenario.queued();
    scenario.assertChanged(
        Command.Claim.forPoll(
            new Reporter(new RunRef(1, scenario.task.run().token()), "c1", "w"), null, null));
    assertThat(scenario.task.run().lease().provisional()).isTrue();

    scenario.assertChanged(scenario.heartbeat());

    assertThat(scenario.task.run().lease().provisional()).isFalse();
  }

  @Test
  void taskOverridesLeaseLength() {
    TaskScenario scenario = TaskScenario.queued();
    Task task = scenario.task;
    TaskSpec spec =
        new TaskSpec(
            task.spec().document(),
            task.key(),
            task.spec().args(),
            1,
            List.of(),
            "docket",
            null,
            7,
            null,
            OnDependencyFailure.FAIL,
            "ann",
            task.spec().owner(),
            task.spec().meta(),
            null);
    scenario.task = TaskMachine.create(task.id(), spec, List.of(), null, scenario.context());

    assertThat(scenario.assertChanged(scenario.claim("c1")).run().lease().seconds()).isEqualTo(7);
  }

  static Stream<TaskScenario.CommandFactory> signsOfLife() {
    return Stream.of(TaskScenario::heartbeat, TaskScenario::started, s -> s.progress(1, "s", "m"));
  }

  @ParameterizedTest
  @MethodSource("signsOfLife")
  void signsOfLifeExtendLease(TaskScenario.CommandFactory factory) {
    TaskScenario scenario = TaskScenario.running().advance(Duration.ofSeconds(20));

    Task task = scenario.assertChanged(factory.create(scenario));

    assertThat(task.run().lease().until()).isEqualTo(TaskScenario.START.plusSeconds(80));
  }

  @ParameterizedTest
  @MethodSource("signsOfLife")
  void signsOfLifeAreNotInHistory(TaskScenario.CommandFactory factory) {
    TaskScenario scenario = TaskScenario.running();
    List<Transition> before = scenario.task.history();

    assertThat(scenario.assertChanged(factory.create(scenario)).history()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("signsOfLife")
  void refusesSignsOfLifeUnderOtherClaim(TaskScenario.CommandFactory factory) {
    TaskScenario scenario = TaskScenario.queued().apply(s -> s.claim("c2"));
    Task before = scenario.task;

    assertThat(scenario.assertRefused(factory.create(scenario)).reason())
        .isEqualTo(Decision.Reason.HELD);
    assertThat(scenario.task).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("signsOfLife")
  void refusesSignsOfLifeWithoutClaim(TaskScenario.CommandFactory factory) {
    TaskScenario scenario = TaskScenario.queued();

    assertThat(scenario.assertRefused(factory.create(scenario)).reason())
        .isEqualTo(Decision.Reason.ILLEGAL);
  }

  @ParameterizedTest
  @MethodSource("signsOfLife")
  void firstSignOfLifeStartsRunWithoutClaim(TaskScenario.CommandFactory factory) {
    TaskScenario scenario =
        TaskScenario.created(TaskScenario.LATE_ACK).advance(Duration.ofSeconds(3));

    Task task = scenario.assertChanged(factory.create(scenario));

    assertThat(task.state()).isEqualTo(TaskState.PROCESSING);
    assertThat(task.run().lease()).isNull();
    assertThat(task.run().startedAt()).isEqualTo(scenario.now);
    assertThat(task.run().queuedMs()).isEqualTo(3000);
    assertThat(task.outbox()).isEmpty();
  }

  @Test
  void startBeforeConfirmSetsUnansweredTimeout() {
    TaskScenario scenario =
        TaskScenario.created(TaskScenario.LATE_ACK).apply(TaskScenario::started);

    assertThat(scenario.task.run().unansweredAfter())
        .isEqualTo(TaskScenario.START.plus(Duration.ofDays(7)));
  }

  @Test
  void taskWithLeaseHasNoUnansweredTimeout() {
    assertThat(TaskScenario.running().task.run().unansweredAfter()).isNull();
  }

  @Test
  void heartbeatWithoutLeaseIsNotWritten() {
    TaskScenario scenario = TaskScenario.startedWithoutLease();

    scenario.assertUnchanged(scenario.heartbeat());
    scenario.assertUnchanged(scenario.started());
  }

  @Test
  void progressIsStored() {
    TaskScenario scenario = TaskScenario.running();

    Task task = scenario.assertChanged(scenario.progress(40, "decoding", "half way"));

    assertThat(task.run().progress()).isEqualTo(40);
    assertThat(task.run().stage()).isEqualTo("decoding");
    assertThat(task.message()).isEqualTo("half way");
  }

  @Test
  void progressKeepsAbsentValues() {
    TaskScenario scenario =
        TaskScenario.running().apply(s -> s.progress(40, "decoding", "half way"));

    Task task = scenario.assertChanged(scenario.progress(41, null, null));

    assertThat(task.run().progress()).isEqualTo(41);
    assertThat(task.run().stage()).isEqualTo("decoding");
    assertThat(task.message()).isEqualTo("half way");
  }

  @Test
  void progressWithoutLeaseIsStored() {
    TaskScenario scenario = TaskScenario.startedWithoutLease();

    assertThat(scenario.assertChanged(scenario.progress(5, null, null)).run().progress())
        .isEqualTo(5);
  }
}
