package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.RunResults;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How a worker ends a run: done, failed, given back. */
class RunEndTransitionsTest {

  private static final Duration A_WHILE = Duration.ofSeconds(9);

  @Test
  void completedTaskIsDone() {
    TaskScenario scenario = TaskScenario.running().after(A_WHILE);

    Task task = scenario.moved(scenario.complete(2));

    assertThat(task.state()).isEqualTo(TaskState.SUCCESS);
    assertThat(task.message()).isEqualTo("well");
    assertThat(task.progress()).isEqualTo(100);
    assertThat(task.lease()).isNull();
    assertThat(task.finishedAt()).isEqualTo(scenario.now);
    assertThat(task.runMs()).isEqualTo(9000);
  }

  @Test
  void resultsGoThroughTheOutbox() {
    TaskScenario scenario = TaskScenario.running();
    RunResults run = new RunResults(1, scenario.task.run(), 2);

    Task task = scenario.moved(scenario.complete(2));

    assertThat(task.results()).isEqualTo(run);
    assertThat(scenario.outbox(Effect.StoreResults.class))
        .containsExactly(new Effect.StoreResults(run, TaskScenario.results(2), null));
  }

  @Test
  void completionWithoutResultsHasNothingToStore() {
    TaskScenario scenario = TaskScenario.done(0);

    assertThat(scenario.task.results()).isEqualTo(new RunResults(1, scenario.task.run(), 0));
    assertThat(scenario.task.outbox()).isEmpty();
  }

  @Test
  void completeRepeatedIsDoneAgainWithoutAWrite() {
    TaskScenario scenario = TaskScenario.running();
    Command complete = scenario.complete(2);
    scenario.moved(complete);

    scenario.unchanged(complete);
  }

  @Test
  void laterSuccessReplacesTheResultsOfTheEarlier() {
    TaskScenario scenario = TaskScenario.done(2);
    RunResults first = scenario.task.results();
    scenario.moved(scenario.effectDone(Effect.StoreResults.class));
    scenario.moved(new Command.Reset("ann"));
    assertThat(scenario.task.results()).isEqualTo(first);
    scenario.moved(scenario.claim("c1"));

    scenario.moved(scenario.complete(0));

    assertThat(scenario.outbox(Effect.StoreResults.class))
        .containsExactly(new Effect.StoreResults(scenario.task.results(), List.of(), first));
  }

  @Test
  void resultsThatAreStillToBeStoredKnowTheirRun() {
    TaskScenario scenario = TaskScenario.done(2);
    RunResults first = scenario.task.results();
    scenario.moved(new Command.Reset("ann"));
    scenario.having(s -> s.claim("c1")).having(s -> s.complete(1));

    assertThat(scenario.outbox(Effect.StoreResults.class))
        .containsExactly(
            new Effect.StoreResults(first, TaskScenario.results(2), null),
            new Effect.StoreResults(scenario.task.results(), TaskScenario.results(1), first));
  }

  @Test
  void resultsThatWereStoredAfterALaterSuccessAreDeleted() {
    TaskScenario scenario = TaskScenario.done(2);
    RunResults first = scenario.task.results();
    scenario.moved(new Command.Reset("ann"));
    scenario.having(s -> s.claim("c1")).having(s -> s.complete(1));

    scenario.moved(scenario.effectDone(Effect.StoreResults.class));

    assertThat(scenario.outbox(Effect.DeleteResults.class))
        .containsExactly(new Effect.DeleteResults(List.of(first)));
  }

  @ParameterizedTest
  @EnumSource(names = {"BAD_REQUEST", "ACCESS_DENIED", "NOT_FOUND", "ERROR"})
  void failureForGoodEndsTheTask(TaskState state) {
    TaskScenario scenario = TaskScenario.running().after(A_WHILE);

    Task task = scenario.moved(scenario.fail(state));

    assertThat(task.state()).isEqualTo(state);
    assertThat(task.message()).isEqualTo("why");
    assertThat(task.attempt()).isEqualTo(1);
    assertThat(task.lease()).isNull();
    assertThat(task.finishedAt()).isEqualTo(scenario.now);
    assertThat(task.runMs()).isEqualTo(9000);
  }

  @ParameterizedTest
  @EnumSource(names = {"ERROR_INVALID_INPUT", "ERROR_PROXY"})
  void failureThatMayPassIsTriedAgainAfterAPause(TaskState state) {
    TaskScenario scenario = TaskScenario.running();
    String run = scenario.task.run();

    Task task = scenario.moved(scenario.fail(state));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.attempt()).isEqualTo(2);
    assertThat(task.run()).isNotEqualTo(run);
    assertThat(task.failures()).isEqualTo(1);
    assertThat(task.dueAt()).isEqualTo(TaskScenario.START.plusSeconds(10));
    assertThat(task.message()).startsWith(state.number() + ": why (failure 1 of 3");
    assertThat(scenario.pending(Effect.Publish.class).due()).isEqualTo(task.dueAt());
  }

  @Test
  void pauseDoublesWithEachFailure() {
    TaskScenario scenario = TaskScenario.running().having(s -> s.fail(TaskState.ERROR_PROXY));
    scenario.having(s -> s.claim("c1")).having(s -> s.fail(TaskState.ERROR_PROXY));

    assertThat(scenario.task.dueAt()).isEqualTo(TaskScenario.START.plusSeconds(20));
  }

  @Test
  void lastFailureThatIsAllowedEndsTheTask() {
    TaskScenario scenario = TaskScenario.running().having(s -> s.fail(TaskState.ERROR_PROXY));
    scenario.having(s -> s.claim("c1")).having(s -> s.fail(TaskState.ERROR_PROXY));

    Task task = scenario.having(s -> s.claim("c1")).having(s -> s.fail(TaskState.ERROR_PROXY)).task;

    assertThat(task.state()).isEqualTo(TaskState.ERROR_PROXY);
    assertThat(task.failures()).isEqualTo(3);
    assertThat(task.attempt()).isEqualTo(3);
    assertThat(task.outbox()).isEmpty();
  }

  @Test
  void lastFailureRepeatedChangesNothing() {
    TaskScenario scenario = TaskScenario.running();
    Command fail = scenario.fail(TaskState.ERROR);
    scenario.moved(fail);

    scenario.unchanged(fail);
  }

  @Test
  void taskThatIsGivenBackIsTriedAgainAndHasNotFailed() {
    TaskScenario scenario = TaskScenario.running();

    Task task = scenario.moved(scenario.giveBack());

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.attempt()).isEqualTo(2);
    assertThat(task.failures()).isZero();
    assertThat(task.dueAt()).isEqualTo(TaskScenario.START.plusSeconds(1));
    assertThat(scenario.outbox(Effect.Publish.class)).containsExactly(new Effect.Publish(2));
  }

  @Test
  void newRunBeginsWithACleanSheet() {
    TaskScenario scenario = TaskScenario.running().having(s -> s.progress(40, "decoding", null));

    Task task = scenario.moved(scenario.giveBack());

    assertThat(task.lease()).isNull();
    assertThat(task.progress()).isNull();
    assertThat(task.stage()).isNull();
    assertThat(task.queuedAt()).isNull();
    assertThat(task.startedAt()).isNull();
    assertThat(task.queuedMs()).isNull();
    assertThat(task.dispatchedAt()).isNull();
  }

  static Stream<TaskScenario.Said> ends() {
    return Stream.of(
        s -> s.complete(1),
        s -> s.fail(TaskState.ERROR),
        s -> s.fail(TaskState.UNFINISHED_DEPENDENCY),
        TaskScenario::giveBack,
        TaskScenario::cancelConfirmed);
  }

  @ParameterizedTest
  @MethodSource("ends")
  void onlyWhoeverHoldsTheLeaseEndsTheRun(TaskScenario.Said said) {
    TaskScenario scenario = TaskScenario.queued().having(s -> s.claim("c2"));
    Task before = scenario.task;

    assertThat(scenario.refused(said.of(scenario)).reason()).isEqualTo(Decision.Reason.HELD);
    assertThat(scenario.task).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("ends")
  void nobodyEndsARunThatHeHasNotClaimed(TaskScenario.Said said) {
    TaskScenario scenario = TaskScenario.queued();

    assertThat(scenario.refused(said.of(scenario)).reason()).isEqualTo(Decision.Reason.ILLEGAL);
  }

  @Test
  void answerOfAWorkerThatDoesNotClaimIsTakenBeforeTheConfirmation() {
    TaskScenario scenario = TaskScenario.created(TaskScenario.LATE);

    Task task = scenario.moved(scenario.complete(0));

    assertThat(task.state()).isEqualTo(TaskState.SUCCESS);
    assertThat(task.outbox()).isEmpty();
    assertThat(task.runMs()).isNull();
  }

  @Test
  void answerOfAWorkerThatDoesNotClaimIsTakenWithoutAKnownBeginning() {
    TaskScenario scenario = TaskScenario.created(TaskScenario.LATE).having(TaskScenario::confirm);

    assertThat(scenario.moved(scenario.fail(TaskState.ERROR_PROXY)).state())
        .isEqualTo(TaskState.CREATED);
  }

  @Test
  void timeThatRunsBackwardsIsNoTime() {
    TaskScenario scenario = TaskScenario.running().after(Duration.ofSeconds(-9));

    assertThat(scenario.moved(scenario.complete(0)).runMs()).isZero();
  }
}
