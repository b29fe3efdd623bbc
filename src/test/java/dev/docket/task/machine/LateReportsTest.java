package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import dev.docket.task.Transition;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Stale reports do not change the current run: they are refused and counted. */
class LateReportsTest {

  private static final Duration DELAY = Duration.ofSeconds(5);

  static Stream<TaskScenario.CommandFactory> reports() {
    return Stream.of(
        s -> s.claim("c7"),
        s -> s.complete(3),
        s -> s.fail(TaskState.ERROR),
        s -> s.fail(TaskState.UNFINISHED_DEPENDENCY, TaskScenario.TASK_A),
        TaskScenario::giveBack,
        TaskScenario::cancelConfirmed);
  }

  static Stream<TaskScenario.CommandFactory> signsOfLife() {
    return Stream.of(TaskScenario::heartbeat, TaskScenario::started, s -> s.progress(9, "s", "m"));
  }

  static Stream<TaskScenario.CommandFactory> closingReports() {
    return Stream.of(
        s -> s.complete(3),
        s -> s.fail(TaskState.ERROR),
        s -> s.fail(TaskState.ERROR_PROXY),
        s -> s.fail(TaskState.UNFINISHED_DEPENDENCY, TaskScenario.TASK_A),
        TaskScenario::giveBack,
        TaskScenario::cancelConfirmed);
  }

  @ParameterizedTest
  @MethodSource("closingReports")
  void closingReportMayBeRepeated(TaskScenario.CommandFactory factory) {
    TaskScenario scenario = TaskScenario.running();
    Command closing = factory.create(scenario);
    scenario.assertChanged(closing);

    scenario.advance(DELAY).assertUnchanged(closing);
  }

  @ParameterizedTest
  @MethodSource("closingReports")
  void closingReportOfCancelledTaskMayBeRepeated(TaskScenario.CommandFactory factory) {
    TaskScenario scenario = TaskScenario.running().apply(s -> new Command.Cancel("ann"));
    Command closing = factory.create(scenario);
    scenario.assertChanged(closing);

    scenario.advance(DELAY).assertUnchanged(closing);
  }

  /** Executes a command of the first run while the second is running. */
  private static TaskScenario refusedInSecondRun(TaskScenario.CommandFactory factory) {
    TaskScenario scenario = TaskScenario.running();
    Command stale = factory.create(scenario);
    scenario.assertChanged(new Command.ForceRetry("ann"));
    scenario.apply(s -> s.claim("c1")).advance(DELAY);
    assertThat(scenario.assertRefused(stale).reason()).isEqualTo(Decision.Reason.STALE);
    return scenario;
  }

  @ParameterizedTest
  @MethodSource("reports")
  void reportOfEarlierRunOnlyChangesCounter(TaskScenario.CommandFactory factory) {
    TaskScenario scenario = TaskScenario.running();
    Command stale = factory.create(scenario);
    scenario.assertChanged(new Command.ForceRetry("ann"));
    Task before = scenario.apply(s -> s.claim("c1")).advance(DELAY).task;

    Decision.Refused refused = scenario.assertRefused(stale);

    assertThat(refused.reason()).isEqualTo(Decision.Reason.STALE);
    assertThat(refused.task()).isEqualTo(before);
    assertThat(scenario.lastTransition())
        .isEqualTo(
            new Transition(
                scenario.now,
                TaskState.PROCESSING,
                TaskState.PROCESSING,
                1,
                "refused " + stale.label(),
                "attempt 1 is not current; the current attempt is 2",
                1,
                null));
    assertThat(scenario.task)
        .usingRecursiveComparison()
        .ignoringFields("history", "updatedAt")
        .isEqualTo(before);
    assertThat(scenario.task.history()).startsWith(before.history().toArray(Transition[]::new));
  }

  @ParameterizedTest
  @MethodSource("signsOfLife")
  void signOfLifeOfEarlierRunChangesNothing(TaskScenario.CommandFactory factory) {
    TaskScenario scenario = TaskScenario.running();
    Command stale = factory.create(scenario);
    scenario.assertChanged(new Command.ForceRetry("ann"));
    Task before = scenario.apply(s -> s.claim("c1")).advance(DELAY).task;

    assertThat(scenario.assertRefused(stale).reason()).isEqualTo(Decision.Reason.STALE);
    assertThat(scenario.task).isEqualTo(before);
  }

  @Test
  void countsRepeatedRefusalInOneEntry() {
    TaskScenario scenario = TaskScenario.running();
    Command stale = scenario.complete(1);
    scenario.assertChanged(new Command.Reset("ann"));
    scenario.assertRefused(stale);
    List<Transition> before = scenario.task.history();

    scenario.advance(DELAY).assertRefused(stale);
    scenario.advance(DELAY).assertRefused(stale);

    assertThat(scenario.task.history()).hasSameSizeAs(before);
    assertThat(scenario.lastTransition().count()).isEqualTo(3);
    assertThat(scenario.lastTransition().at()).isEqualTo(scenario.now);
  }

  @Test
  void countsRefusalsByCommand() {
    TaskScenario scenario = TaskScenario.running();
    Command complete = scenario.complete(1);
    Command giveBack = scenario.giveBack();
    scenario.assertChanged(new Command.Reset("ann"));

    scenario.assertRefused(complete);
    scenario.assertRefused(giveBack);
    scenario.assertRefused(complete);

    assertThat(scenario.task.history())
        .filteredOn(line -> line.by().startsWith("refused"))
        .extracting(Transition::by, Transition::count)
        .containsExactly(tuple("refused complete", 2), tuple("refused give_back", 1));
  }

  @Test
  void countsRefusalsByRun() {
    TaskScenario scenario = TaskScenario.running();
    Command first = scenario.complete(1);
    scenario.assertChanged(new Command.ForceRetry("ann"));
    Command second = scenario.apply(s -> s.claim("c1")).complete(1);
    scenario.assertChanged(new Command.ForceRetry("ann"));

    scenario.assertRefused(first);
    scenario.assertRefused(second);

    assertThat(scenario.task.history())
        .filteredOn(line -> line.by().equals("refused complete"))
        .extracting(Transition::attempt)
        .containsExactly(1, 2);
  }

  @Test
  void refusesOtherRunOfSameAttempt() {
    TaskScenario scenario = TaskScenario.running();
    Decision.Refused refused =
        scenario.assertRefused(
            new Command.Complete(
                new Reporter(new RunRef(1, "another"), "c1", "w"),
                RunEnd.of(null),
                List.of(),
                null));

    assertThat(refused.reason()).isEqualTo(Decision.Reason.STALE);
    assertThat(refused.detail()).contains("run token");
  }

  @Test
  void firstClosingReportWins() {
    TaskScenario scenario = TaskScenario.running();
    Command complete = scenario.complete(2);
    scenario.assertChanged(scenario.fail(TaskState.ERROR));

    Decision.Refused refused = scenario.assertRefused(complete);

    assertThat(refused.reason()).isEqualTo(Decision.Reason.STALE);
    assertThat(refused.detail()).isEqualTo("the task has already ended with 500 ERROR");
    assertThat(scenario.task.state()).isEqualTo(TaskState.ERROR);
    assertThat(scenario.task.resultRuns()).isEmpty();
  }

  /** The broker may deliver a message to two workers, and both execute the run. */
  @Test
  void acceptsSameEndFromSecondWorkerOfRun() {
    for (TaskState end : List.of(TaskState.SUCCESS, TaskState.NOT_FOUND, TaskState.CANCELLED)) {
      TaskScenario scenario = TaskScenario.startedWithoutLease();
      if (end == TaskState.CANCELLED) {
        scenario.assertChanged(new Command.Cancel("ann"));
      } else {
        scenario.assertChanged(end(scenario, "first", end));
      }
      assertThat(scenario.task.state()).isEqualTo(end);

      scenario.assertUnchanged(end(scenario, "second", end));
    }
  }

  @Test
  void refusesOtherEndFromSecondWorkerOfRun() {
    for (TaskState end : List.of(TaskState.SUCCESS, TaskState.NOT_FOUND, TaskState.CANCELLED)) {
      TaskScenario scenario = TaskScenario.startedWithoutLease();
      scenario.assertChanged(end(scenario, "first", TaskState.ERROR));

      assertThat(scenario.assertRefused(end(scenario, "second", end)).reason())
          .isEqualTo(Decision.Reason.STALE);
    }
  }

  private static Command end(TaskScenario scenario, String worker, TaskState end) {
    Reporter reporter = new Reporter(scenario.task.run().ref(), null, worker);
    return switch (end) {
      case SUCCESS -> new Command.Complete(reporter, RunEnd.of("well"), List.of(), null);
      case CANCELLED -> new Command.CancelConfirmed(reporter, RunTiming.UNKNOWN);
      default -> Command.Fail.of(reporter, end, RunEnd.of("why"), List.of());
    };
  }

  @Test
  void refusesFailureAfterSuccess() {
    TaskScenario scenario = TaskScenario.running();
    Command fail = scenario.fail(TaskState.ERROR);
    scenario.assertChanged(scenario.complete(2));

    assertThat(scenario.assertRefused(fail).reason()).isEqualTo(Decision.Reason.STALE);
    assertThat(scenario.task.state()).isEqualTo(TaskState.SUCCESS);
    assertThat(scenario.lastTransition().by()).isEqualTo("refused fail");
  }

  @Test
  void refusesReportAfterLostLease() {
    TaskScenario scenario = TaskScenario.running();
    Command complete = scenario.complete(2);
    scenario.assertChanged(new Command.LeaseLost());

    assertThat(scenario.assertRefused(complete).reason()).isEqualTo(Decision.Reason.STALE);
    assertThat(scenario.task.resultRuns()).isEmpty();
  }

  @Test
  void staleReportsDoNotExtendLease() {
    reports()
        .forEach(
            factory -> {
              TaskScenario scenario = refusedInSecondRun(factory);
              assertThat(scenario.task.run().lease().until())
                  .isEqualTo(TaskScenario.START.plusSeconds(60));
            });
  }

  @Test
  void refusalsDoNotExceedHistoryLimit() {
    TaskScenario scenario = TaskScenario.running();
    Command stale = scenario.complete(1);
    for (int i = 0; i < 60; i++) {
      scenario.assertChanged(new Command.ForceRetry("ann"));
    }

    scenario.assertRefused(stale);

    assertThat(scenario.task.history()).hasSize(50);
    assertThat(scenario.lastTransition().by()).isEqualTo("refused complete");
  }
}
