package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.docket.task.Move;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The late do not overwrite the current: what they say is refused, and counted. */
class LateAnswersTest {

  private static final Duration LATER = Duration.ofSeconds(5);

  static Stream<Scene.Said> answers() {
    return Stream.of(
        s -> s.claim("c7"),
        s -> s.complete(3),
        s -> s.fail(TaskState.ERROR),
        s -> s.fail(TaskState.UNFINISHED_DEPENDENCY, Scene.A),
        Scene::giveBack,
        Scene::cancelConfirmed);
  }

  static Stream<Scene.Said> signsOfLife() {
    return Stream.of(Scene::heartbeat, Scene::started, s -> s.progress(9, "s", "m"));
  }

  static Stream<Scene.Said> lastWords() {
    return Stream.of(
        s -> s.complete(3),
        s -> s.fail(TaskState.ERROR),
        s -> s.fail(TaskState.ERROR_PROXY),
        s -> s.fail(TaskState.UNFINISHED_DEPENDENCY, Scene.A),
        Scene::giveBack,
        Scene::cancelConfirmed);
  }

  @ParameterizedTest
  @MethodSource("lastWords")
  void whoHasClosedItsRunAndGotNoAnswerMaySayItAgain(Scene.Said said) {
    Scene scene = Scene.running();
    Command last = said.of(scene);
    scene.moved(last);

    scene.after(LATER).unchanged(last);
  }

  @ParameterizedTest
  @MethodSource("lastWords")
  void soMayWhoeverHasEndedACancelledTask(Scene.Said said) {
    Scene scene = Scene.running().having(s -> new Command.Cancel("ann"));
    Command last = said.of(scene);
    scene.moved(last);

    scene.after(LATER).unchanged(last);
  }

  /** Says it for the first run, once the second is running. */
  private static Scene afterwards(Scene.Said said) {
    Scene scene = Scene.running();
    Command late = said.of(scene);
    scene.moved(new Command.ForceRetry("ann"));
    scene.having(s -> s.claim("c1")).after(LATER);
    assertThat(scene.refused(late).reason()).isEqualTo(Decision.Reason.STALE);
    return scene;
  }

  @ParameterizedTest
  @MethodSource("answers")
  void answerOfAnEarlierRunChangesNothingButACounter(Scene.Said said) {
    Scene scene = Scene.running();
    Command late = said.of(scene);
    scene.moved(new Command.ForceRetry("ann"));
    Task before = scene.having(s -> s.claim("c1")).after(LATER).task;

    Decision.Refused refused = scene.refused(late);

    assertThat(refused.reason()).isEqualTo(Decision.Reason.STALE);
    assertThat(refused.task()).isEqualTo(before);
    assertThat(scene.lastMove())
        .isEqualTo(
            new Move(
                scene.now,
                TaskState.PROCESSING,
                TaskState.PROCESSING,
                1,
                "refused " + late.word(),
                "this is attempt 1, the current one is 2",
                1));
    assertThat(scene.task)
        .usingRecursiveComparison()
        .ignoringFields("history", "updatedAt")
        .isEqualTo(before);
    assertThat(scene.task.history()).startsWith(before.history().toArray(Move[]::new));
  }

  @ParameterizedTest
  @MethodSource("signsOfLife")
  void signOfLifeOfAnEarlierRunChangesNothingAtAll(Scene.Said said) {
    Scene scene = Scene.running();
    Command late = said.of(scene);
    scene.moved(new Command.ForceRetry("ann"));
    Task before = scene.having(s -> s.claim("c1")).after(LATER).task;

    assertThat(scene.refused(late).reason()).isEqualTo(Decision.Reason.STALE);
    assertThat(scene.task).isEqualTo(before);
  }

  @Test
  void sameRefusalAgainIsOneEntryWithACounter() {
    Scene scene = Scene.running();
    Command late = scene.complete(1);
    scene.moved(new Command.Reset("ann"));
    scene.refused(late);
    List<Move> before = scene.task.history();

    scene.after(LATER).refused(late);
    scene.after(LATER).refused(late);

    assertThat(scene.task.history()).hasSameSizeAs(before);
    assertThat(scene.lastMove().count()).isEqualTo(3);
    assertThat(scene.lastMove().at()).isEqualTo(scene.now);
  }

  @Test
  void refusalsOfDifferentCommandsAreCountedApart() {
    Scene scene = Scene.running();
    Command complete = scene.complete(1);
    Command giveBack = scene.giveBack();
    scene.moved(new Command.Reset("ann"));

    scene.refused(complete);
    scene.refused(giveBack);
    scene.refused(complete);

    assertThat(scene.task.history())
        .filteredOn(line -> line.by().startsWith("refused"))
        .extracting(Move::by, Move::count)
        .containsExactly(tuple("refused complete", 2), tuple("refused give_back", 1));
  }

  @Test
  void refusalsOfDifferentRunsAreCountedApart() {
    Scene scene = Scene.running();
    Command first = scene.complete(1);
    scene.moved(new Command.ForceRetry("ann"));
    Command second = scene.having(s -> s.claim("c1")).complete(1);
    scene.moved(new Command.ForceRetry("ann"));

    scene.refused(first);
    scene.refused(second);

    assertThat(scene.task.history())
        .filteredOn(line -> line.by().equals("refused complete"))
        .extracting(Move::attempt)
        .containsExactly(1, 2);
  }

  @Test
  void anotherRunOfTheSameAttemptIsLateToo() {
    Scene scene = Scene.running();
    Decision.Refused refused =
        scene.refused(new Command.Complete(1, "another", "c1", "w", null, List.of()));

    assertThat(refused.reason()).isEqualTo(Decision.Reason.STALE);
    assertThat(refused.why()).contains("of another run");
  }

  @Test
  void firstAnswerOfARunWins() {
    Scene scene = Scene.running();
    Command complete = scene.complete(2);
    scene.moved(scene.fail(TaskState.ERROR));

    Decision.Refused refused = scene.refused(complete);

    assertThat(refused.reason()).isEqualTo(Decision.Reason.STALE);
    assertThat(refused.why()).isEqualTo("the task has ended with 500 ERROR");
    assertThat(scene.task.state()).isEqualTo(TaskState.ERROR);
    assertThat(scene.task.results()).isNull();
  }

  @Test
  void failureAfterSuccessIsLate() {
    Scene scene = Scene.running();
    Command fail = scene.fail(TaskState.ERROR);
    scene.moved(scene.complete(2));

    assertThat(scene.refused(fail).reason()).isEqualTo(Decision.Reason.STALE);
    assertThat(scene.task.state()).isEqualTo(TaskState.SUCCESS);
    assertThat(scene.lastMove().by()).isEqualTo("refused fail");
  }

  @Test
  void answerAfterTheLeaseWasLostIsLate() {
    Scene scene = Scene.running();
    Command complete = scene.complete(2);
    scene.moved(new Command.LeaseLost());

    assertThat(scene.refused(complete).reason()).isEqualTo(Decision.Reason.STALE);
    assertThat(scene.task.results()).isNull();
  }

  @Test
  void nothingLateExtendsALease() {
    answers()
        .forEach(
            said -> {
              Scene scene = afterwards(said);
              assertThat(scene.task.lease().until()).isEqualTo(Scene.START.plusSeconds(60));
            });
  }

  @Test
  void refusalsDoNotMakeHistoryLongerThanFifty() {
    Scene scene = Scene.running();
    Command late = scene.complete(1);
    for (int i = 0; i < 60; i++) {
      scene.moved(new Command.ForceRetry("ann"));
    }

    scene.refused(late);

    assertThat(scene.task.history()).hasSize(50);
    assertThat(scene.lastMove().by()).isEqualTo("refused complete");
  }
}
