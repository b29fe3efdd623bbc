package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.docket.task.Task;
import dev.docket.task.TaskState;
import dev.docket.task.Transition;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The late do not overwrite the current: what they say is refused, and counted. */
class LateReportsTest {

  private static final Duration LATER = Duration.ofSeconds(5);

  static Stream<TaskScenario.Said> answers() {
    return Stream.of(
        s -> s.claim("c7"),
        s -> s.complete(3),
        s -> s.fail(TaskState.ERROR),
        s -> s.fail(TaskState.UNFINISHED_DEPENDENCY, TaskScenario.A),
        TaskScenario::giveBack,
        TaskScenario::cancelConfirmed);
  }

  static Stream<TaskScenario.Said> signsOfLife() {
    return Stream.of(TaskScenario::heartbeat, TaskScenario::started, s -> s.progress(9, "s", "m"));
  }

  static Stream<TaskScenario.Said> lastWords() {
    return Stream.of(
        s -> s.complete(3),
        s -> s.fail(TaskState.ERROR),
        s -> s.fail(TaskState.ERROR_PROXY),
        s -> s.fail(TaskState.UNFINISHED_DEPENDENCY, TaskScenario.A),
        TaskScenario::giveBack,
        TaskScenario::cancelConfirmed);
  }

  @ParameterizedTest
  @MethodSource("lastWords")
  void whoHasClosedItsRunAndGotNoAnswerMaySayItAgain(TaskScenario.Said said) {
    TaskScenario scenario = TaskScenario.running();
    Command last = said.of(scenario);
    scenario.moved(last);

    scenario.after(LATER).unchanged(last);
  }

  @ParameterizedTest
  @MethodSource("lastWords")
  void soMayWhoeverHasEndedACancelledTask(TaskScenario.Said said) {
    TaskScenario scenario = TaskScenario.running().having(s -> new Command.Cancel("ann"));
    Command last = said.of(scenario);
    scenario.moved(last);

    scenario.after(LATER).unchanged(last);
  }

  /** Says it for the first run, once the second is running. */
  private static TaskScenario afterwards(TaskScenario.Said said) {
    TaskScenario scenario = TaskScenario.running();
    Command late = said.of(scenario);
    scenario.moved(new Command.ForceRetry("ann"));
    scenario.having(s -> s.claim("c1")).after(LATER);
    assertThat(scenario.refused(late).reason()).isEqualTo(Decision.Reason.STALE);
    return scenario;
  }

  @ParameterizedTest
  @MethodSource("answers")
  void answerOfAnEarlierRunChangesNothingButACounter(TaskScenario.Said said) {
    TaskScenario scenario = TaskScenario.running();
    Command late = said.of(scenario);
    scenario.moved(new Command.ForceRetry("ann"));
    Task before = scenario.having(s -> s.claim("c1")).after(LATER).task;

    Decision.Refused refused = scenario.refused(late);

    assertThat(refused.reason()).isEqualTo(Decision.Reason.STALE);
    assertThat(refused.task()).isEqualTo(before);
    assertThat(scenario.lastMove())
        .isEqualTo(
            new Transition(
                scenario.now,
                TaskState.PROCESSING,
                TaskState.PROCESSING,
                1,
                "refused " + late.label(),
                "this is attempt 1, the current one is 2",
                1));
    assertThat(scenario.task)
        .usingRecursiveComparison()
        .ignoringFields("history", "updatedAt")
        .isEqualTo(before);
    assertThat(scenario.task.history()).startsWith(before.history().toArray(Transition[]::new));
  }

  @ParameterizedTest
  @MethodSource("signsOfLife")
  void signOfLifeOfAnEarlierRunChangesNothingAtAll(TaskScenario.Said said) {
    TaskScenario scenario = TaskScenario.running();
    Command late = said.of(scenario);
    scenario.moved(new Command.ForceRetry("ann"));
    Task before = scenario.having(s -> s.claim("c1")).after(LATER).task;

    assertThat(scenario.refused(late).reason()).isEqualTo(Decision.Reason.STALE);
    assertThat(scenario.task).isEqualTo(before);
  }

  @Test
  void sameRefusalAgainIsOneEntryWithACounter() {
    TaskScenario scenario = TaskScenario.running();
    Command late = scenario.complete(1);
    scenario.moved(new Command.Reset("ann"));
    scenario.refused(late);
    List<Transition> before = scenario.task.history();

    scenario.after(LATER).refused(late);
    scenario.after(LATER).refused(late);

    assertThat(scenario.task.history()).hasSameSizeAs(before);
    assertThat(scenario.lastMove().count()).isEqualTo(3);
    assertThat(scenario.lastMove().at()).isEqualTo(scenario.now);
  }

  @Test
  void refusalsOfDifferentCommandsAreCountedApart() {
    TaskScenario scenario = TaskScenario.running();
    Command complete = scenario.complete(1);
    Command giveBack = scenario.giveBack();
    scenario.moved(new Command.Reset("ann"));

    scenario.refused(complete);
    scenario.refused(giveBack);
    scenario.refused(complete);

    assertThat(scenario.task.history())
        .filteredOn(line -> line.by().startsWith("refused"))
        .extracting(Transition::by, Transition::count)
        .containsExactly(tuple("refused complete", 2), tuple("refused give_back", 1));
  }

  @Test
  void refusalsOfDifferentRunsAreCountedApart() {
    TaskScenario scenario = TaskScenario.running();
    Command first = scenario.complete(1);
    scenario.moved(new Command.ForceRetry("ann"));
    Command second = scenario.having(s -> s.claim("c1")).complete(1);
    scenario.moved(new Command.ForceRetry("ann"));

    scenario.refused(first);
    scenario.refused(second);

    assertThat(scenario.task.history())
        .filteredOn(line -> line.by().equals("refused complete"))
        .extracting(Transition::attempt)
        .containsExactly(1, 2);
  }

  @Test
  void anotherRunOfTheSameAttemptIsLateToo() {
    TaskScenario scenario = TaskScenario.running();
    Decision.Refused refused =
        scenario.refused(new Command.Complete(1, "another", "c1", "w", null, List.of()));

    assertThat(refused.reason()).isEqualTo(Decision.Reason.STALE);
    assertThat(refused.why()).contains("of another run");
  }

  @Test
  void firstAnswerOfARunWins() {
    TaskScenario scenario = TaskScenario.running();
    Command complete = scenario.complete(2);
    scenario.moved(scenario.fail(TaskState.ERROR));

    Decision.Refused refused = scenario.refused(complete);

    assertThat(refused.reason()).isEqualTo(Decision.Reason.STALE);
    assertThat(refused.why()).isEqualTo("the task has ended with 500 ERROR");
    assertThat(scenario.task.state()).isEqualTo(TaskState.ERROR);
    assertThat(scenario.task.results()).isNull();
  }

  @Test
  void failureAfterSuccessIsLate() {
    TaskScenario scenario = TaskScenario.running();
    Command fail = scenario.fail(TaskState.ERROR);
    scenario.moved(scenario.complete(2));

    assertThat(scenario.refused(fail).reason()).isEqualTo(Decision.Reason.STALE);
    assertThat(scenario.task.state()).isEqualTo(TaskState.SUCCESS);
    assertThat(scenario.lastMove().by()).isEqualTo("refused fail");
  }

  @Test
  void answerAfterTheLeaseWasLostIsLate() {
    TaskScenario scenario = TaskScenario.running();
    Command complete = scenario.complete(2);
    scenario.moved(new Command.LeaseLost());

    assertThat(scenario.refused(complete).reason()).isEqualTo(Decision.Reason.STALE);
    assertThat(scenario.task.results()).isNull();
  }

  @Test
  void nothingLateExtendsALease() {
    answers()
        .forEach(
            said -> {
              TaskScenario scenario = afterwards(said);
              assertThat(scenario.task.lease().until())
                  .isEqualTo(TaskScenario.START.plusSeconds(60));
            });
  }

  @Test
  void refusalsDoNotMakeHistoryLongerThanFifty() {
    TaskScenario scenario = TaskScenario.running();
    Command late = scenario.complete(1);
    for (int i = 0; i < 60; i++) {
      scenario.moved(new Command.ForceRetry("ann"));
    }

    scenario.refused(late);

    assertThat(scenario.task.history()).hasSize(50);
    assertThat(scenario.lastMove().by()).isEqualTo("refused complete");
  }
}
