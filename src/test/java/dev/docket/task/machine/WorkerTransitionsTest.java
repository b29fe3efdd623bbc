package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Lease;
import dev.docket.task.OnDependencyFailure;
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

/** Claims and signs of life. */
class WorkerTransitionsTest {

  static Stream<TaskScenario> claimable() {
    TaskScenario reset = TaskScenario.failed();
    reset.moved(new Command.MassReset("ann"));
    return Stream.of(
        TaskScenario.created(), TaskScenario.queued(), TaskScenario.unroutable(), reset);
  }

  @ParameterizedTest
  @MethodSource
  void claimable(TaskScenario scenario) {
    Task task = scenario.moved(scenario.claim("c1"));

    assertThat(task.state()).isEqualTo(TaskState.PROCESSING);
    assertThat(task.lease())
        .isEqualTo(new Lease("w", "c1", 60, scenario.now.plusSeconds(60), false));
    assertThat(task.outbox()).isEmpty();
  }

  static Stream<TaskScenario> notClaimable() {
    TaskScenario cancelled = TaskScenario.queued();
    cancelled.moved(new Command.Cancel("ann"));
    return Stream.of(
        TaskScenario.waiting(OnDependencyFailure.FAIL, TaskScenario.A),
        TaskScenario.done(0),
        TaskScenario.failed(),
        cancelled);
  }

  @ParameterizedTest
  @MethodSource
  void notClaimable(TaskScenario scenario) {
    Task before = scenario.task;

    assertThat(scenario.refused(scenario.claim("c9")).reason()).isEqualTo(Decision.Reason.ILLEGAL);
    assertThat(scenario.task).isEqualTo(before);
  }

  @Test
  void claimSaysHowLongTheTaskWaited() {
    TaskScenario scenario = TaskScenario.queued().after(Duration.ofSeconds(7));

    Task task = scenario.moved(scenario.claim("c1"));

    assertThat(task.queuedMs()).isEqualTo(7000);
    assertThat(task.startedAt()).isEqualTo(scenario.now);
  }

  @Test
  void claimBeforeTheConfirmationCountsFromTheDispatch() {
    TaskScenario scenario = TaskScenario.created().after(Duration.ofMillis(40));

    Task task = scenario.moved(scenario.claim("c1"));

    assertThat(task.queuedAt()).isEqualTo(TaskScenario.START);
    assertThat(task.queuedMs()).isEqualTo(40);
  }

  @Test
  void sameClaimIsGrantedAgainWithoutAWrite() {
    TaskScenario scenario = TaskScenario.running();

    scenario.unchanged(scenario.claim("c1"));
  }

  @Test
  void anotherClaimOfTheRunIsRefused() {
    TaskScenario scenario = TaskScenario.running();
    Task before = scenario.task;

    Decision.Refused refused = scenario.refused(scenario.claim("c2"));

    assertThat(refused.reason()).isEqualTo(Decision.Reason.HELD);
    assertThat(refused.why()).contains("worker w");
    assertThat(scenario.task).isEqualTo(before);
  }

  @Test
  void claimForAWorkerOfAnotherKindIsRefused() {
    TaskScenario scenario = TaskScenario.created(TaskScenario.LATE);

    assertThat(scenario.refused(scenario.claim("c1")).reason()).isEqualTo(Decision.Reason.ILLEGAL);
  }

  @Test
  void leaseOfAPollIsProvisionalUntilTheWorkerIsHeardOf() {
    TaskScenario scenario = TaskScenario.queued();
    scenario.moved(new Command.Claim(1, scenario.task.run(), "c1", "w", true));
    assertThat(scenario.task.lease().provisional()).isTrue();

    scenario.moved(scenario.heartbeat());

    assertThat(scenario.task.lease().provisional()).isFalse();
  }

  @Test
  void leaseLastsAsLongAsTheTaskSays() {
    TaskScenario scenario = TaskScenario.queued();
    Task task = scenario.task;
    TaskSpec own =
        new TaskSpec(
            task.spec().document(),
            task.key(),
            task.spec().args(),
            1,
            List.of(),
            "courier",
            null,
            7,
            null,
            OnDependencyFailure.FAIL,
            task.spec().callback(),
            "ann",
            task.spec().meta(),
            null);
    scenario.task = TaskMachine.create(task.id(), own, List.of(), null, scenario.context());

    assertThat(scenario.moved(scenario.claim("c1")).lease().seconds()).isEqualTo(7);
  }

  static Stream<TaskScenario.Said> signsOfLife() {
    return Stream.of(TaskScenario::heartbeat, TaskScenario::started, s -> s.progress(1, "s", "m"));
  }

  @ParameterizedTest
  @MethodSource("signsOfLife")
  void signsOfLifeExtendTheLease(TaskScenario.Said said) {
    TaskScenario scenario = TaskScenario.running().after(Duration.ofSeconds(20));

    Task task = scenario.moved(said.of(scenario));

    assertThat(task.lease().until()).isEqualTo(TaskScenario.START.plusSeconds(80));
  }

  @ParameterizedTest
  @MethodSource("signsOfLife")
  void signsOfLifeAreNoHistory(TaskScenario.Said said) {
    TaskScenario scenario = TaskScenario.running();
    List<Transition> before = scenario.task.history();

    assertThat(scenario.moved(said.of(scenario)).history()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("signsOfLife")
  void signsOfLifeUnderAnotherClaimAreRefused(TaskScenario.Said said) {
    TaskScenario scenario = TaskScenario.queued().having(s -> s.claim("c2"));
    Task before = scenario.task;

    assertThat(scenario.refused(said.of(scenario)).reason()).isEqualTo(Decision.Reason.HELD);
    assertThat(scenario.task).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("signsOfLife")
  void signsOfLifeWithoutAClaimAreRefused(TaskScenario.Said said) {
    TaskScenario scenario = TaskScenario.queued();

    assertThat(scenario.refused(said.of(scenario)).reason()).isEqualTo(Decision.Reason.ILLEGAL);
  }

  @ParameterizedTest
  @MethodSource("signsOfLife")
  void workerThatDoesNotClaimHasBegunWithItsFirstSignOfLife(TaskScenario.Said said) {
    TaskScenario scenario = TaskScenario.created(TaskScenario.LATE).after(Duration.ofSeconds(3));

    Task task = scenario.moved(said.of(scenario));

    assertThat(task.state()).isEqualTo(TaskState.PROCESSING);
    assertThat(task.lease()).isNull();
    assertThat(task.startedAt()).isEqualTo(scenario.now);
    assertThat(task.queuedMs()).isEqualTo(3000);
    assertThat(task.outbox()).isEmpty();
  }

  @Test
  void workerThatDoesNotClaimIsGivenUpSomeDayEvenIfItsBeginningOvertookTheConfirmation() {
    TaskScenario scenario = TaskScenario.created(TaskScenario.LATE).having(TaskScenario::started);

    assertThat(scenario.task.unansweredAfter())
        .isEqualTo(TaskScenario.START.plus(Duration.ofDays(7)));
  }

  @Test
  void workerThatHoldsALeaseIsWatchedByThat() {
    assertThat(TaskScenario.running().task.unansweredAfter()).isNull();
  }

  @Test
  void heartbeatOfAWorkerWithoutLeaseIsNotWritten() {
    TaskScenario scenario = TaskScenario.begun();

    scenario.unchanged(scenario.heartbeat());
    scenario.unchanged(scenario.started());
  }

  @Test
  void progressIsShown() {
    TaskScenario scenario = TaskScenario.running();

    Task task = scenario.moved(scenario.progress(40, "decoding", "half way"));

    assertThat(task.progress()).isEqualTo(40);
    assertThat(task.stage()).isEqualTo("decoding");
    assertThat(task.message()).isEqualTo("half way");
  }

  @Test
  void whatProgressLeavesOutStays() {
    TaskScenario scenario =
        TaskScenario.running().having(s -> s.progress(40, "decoding", "half way"));

    Task task = scenario.moved(scenario.progress(41, null, null));

    assertThat(task.progress()).isEqualTo(41);
    assertThat(task.stage()).isEqualTo("decoding");
    assertThat(task.message()).isEqualTo("half way");
  }

  @Test
  void progressOfAWorkerWithoutLeaseIsShownToo() {
    TaskScenario scenario = TaskScenario.begun();

    assertThat(scenario.moved(scenario.progress(5, null, null)).progress()).isEqualTo(5);
  }
}
