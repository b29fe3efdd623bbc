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
class RunEndsTest {

  private static final Duration A_WHILE = Duration.ofSeconds(9);

  @Test
  void completedTaskIsDone() {
    Scene scene = Scene.running().after(A_WHILE);

    Task task = scene.moved(scene.complete(2));

    assertThat(task.state()).isEqualTo(TaskState.SUCCESS);
    assertThat(task.message()).isEqualTo("well");
    assertThat(task.progress()).isEqualTo(100);
    assertThat(task.lease()).isNull();
    assertThat(task.finishedAt()).isEqualTo(scene.now);
    assertThat(task.runMs()).isEqualTo(9000);
  }

  @Test
  void resultsGoThroughTheOutbox() {
    Scene scene = Scene.running();
    RunResults run = new RunResults(1, scene.task.run(), 2);

    Task task = scene.moved(scene.complete(2));

    assertThat(task.results()).isEqualTo(run);
    assertThat(scene.outbox(Effect.StoreResults.class))
        .containsExactly(new Effect.StoreResults(run, Scene.results(2), null));
  }

  @Test
  void completionWithoutResultsHasNothingToStore() {
    Scene scene = Scene.done(0);

    assertThat(scene.task.results()).isEqualTo(new RunResults(1, scene.task.run(), 0));
    assertThat(scene.task.outbox()).isEmpty();
  }

  @Test
  void completeRepeatedIsDoneAgainWithoutAWrite() {
    Scene scene = Scene.running();
    Command complete = scene.complete(2);
    scene.moved(complete);

    scene.unchanged(complete);
  }

  @Test
  void laterSuccessReplacesTheResultsOfTheEarlier() {
    Scene scene = Scene.done(2);
    RunResults first = scene.task.results();
    scene.moved(scene.effectDone(Effect.StoreResults.class));
    scene.moved(new Command.Reset("ann"));
    assertThat(scene.task.results()).isEqualTo(first);
    scene.moved(scene.claim("c1"));

    scene.moved(scene.complete(0));

    assertThat(scene.outbox(Effect.StoreResults.class))
        .containsExactly(new Effect.StoreResults(scene.task.results(), List.of(), first));
  }

  @Test
  void resultsThatAreStillToBeStoredKnowTheirRun() {
    Scene scene = Scene.done(2);
    RunResults first = scene.task.results();
    scene.moved(new Command.Reset("ann"));
    scene.having(s -> s.claim("c1")).having(s -> s.complete(1));

    assertThat(scene.outbox(Effect.StoreResults.class))
        .containsExactly(
            new Effect.StoreResults(first, Scene.results(2), null),
            new Effect.StoreResults(scene.task.results(), Scene.results(1), first));
  }

  @Test
  void resultsThatWereStoredAfterALaterSuccessAreDeleted() {
    Scene scene = Scene.done(2);
    RunResults first = scene.task.results();
    scene.moved(new Command.Reset("ann"));
    scene.having(s -> s.claim("c1")).having(s -> s.complete(1));

    scene.moved(scene.effectDone(Effect.StoreResults.class));

    assertThat(scene.outbox(Effect.DeleteResults.class))
        .containsExactly(new Effect.DeleteResults(List.of(first)));
  }

  @ParameterizedTest
  @EnumSource(names = {"BAD_REQUEST", "ACCESS_DENIED", "NOT_FOUND", "ERROR"})
  void failureForGoodEndsTheTask(TaskState state) {
    Scene scene = Scene.running().after(A_WHILE);

    Task task = scene.moved(scene.fail(state));

    assertThat(task.state()).isEqualTo(state);
    assertThat(task.message()).isEqualTo("why");
    assertThat(task.attempt()).isEqualTo(1);
    assertThat(task.lease()).isNull();
    assertThat(task.finishedAt()).isEqualTo(scene.now);
    assertThat(task.runMs()).isEqualTo(9000);
  }

  @ParameterizedTest
  @EnumSource(names = {"ERROR_INVALID_INPUT", "ERROR_PROXY"})
  void failureThatMayPassIsTriedAgainAfterAPause(TaskState state) {
    Scene scene = Scene.running();
    String run = scene.task.run();

    Task task = scene.moved(scene.fail(state));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.attempt()).isEqualTo(2);
    assertThat(task.run()).isNotEqualTo(run);
    assertThat(task.failures()).isEqualTo(1);
    assertThat(task.dueAt()).isEqualTo(Scene.START.plusSeconds(10));
    assertThat(task.message()).startsWith(state.number() + ": why (failure 1 of 3");
    assertThat(scene.pending(Effect.Publish.class).due()).isEqualTo(task.dueAt());
  }

  @Test
  void pauseDoublesWithEachFailure() {
    Scene scene = Scene.running().having(s -> s.fail(TaskState.ERROR_PROXY));
    scene.having(s -> s.claim("c1")).having(s -> s.fail(TaskState.ERROR_PROXY));

    assertThat(scene.task.dueAt()).isEqualTo(Scene.START.plusSeconds(20));
  }

  @Test
  void lastFailureThatIsAllowedEndsTheTask() {
    Scene scene = Scene.running().having(s -> s.fail(TaskState.ERROR_PROXY));
    scene.having(s -> s.claim("c1")).having(s -> s.fail(TaskState.ERROR_PROXY));

    Task task = scene.having(s -> s.claim("c1")).having(s -> s.fail(TaskState.ERROR_PROXY)).task;

    assertThat(task.state()).isEqualTo(TaskState.ERROR_PROXY);
    assertThat(task.failures()).isEqualTo(3);
    assertThat(task.attempt()).isEqualTo(3);
    assertThat(task.outbox()).isEmpty();
  }

  @Test
  void lastFailureRepeatedChangesNothing() {
    Scene scene = Scene.running();
    Command fail = scene.fail(TaskState.ERROR);
    scene.moved(fail);

    scene.unchanged(fail);
  }

  @Test
  void taskThatIsGivenBackIsTriedAgainAndHasNotFailed() {
    Scene scene = Scene.running();

    Task task = scene.moved(scene.giveBack());

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.attempt()).isEqualTo(2);
    assertThat(task.failures()).isZero();
    assertThat(task.dueAt()).isEqualTo(Scene.START.plusSeconds(1));
    assertThat(scene.outbox(Effect.Publish.class)).containsExactly(new Effect.Publish(2));
  }

  @Test
  void newRunBeginsWithACleanSheet() {
    Scene scene = Scene.running().having(s -> s.progress(40, "decoding", null));

    Task task = scene.moved(scene.giveBack());

    assertThat(task.lease()).isNull();
    assertThat(task.progress()).isNull();
    assertThat(task.stage()).isNull();
    assertThat(task.queuedAt()).isNull();
    assertThat(task.startedAt()).isNull();
    assertThat(task.queuedMs()).isNull();
    assertThat(task.dispatchedAt()).isNull();
  }

  static Stream<Scene.Said> ends() {
    return Stream.of(
        s -> s.complete(1),
        s -> s.fail(TaskState.ERROR),
        s -> s.fail(TaskState.UNFINISHED_DEPENDENCY),
        Scene::giveBack,
        Scene::cancelConfirmed);
  }

  @ParameterizedTest
  @MethodSource("ends")
  void onlyWhoeverHoldsTheLeaseEndsTheRun(Scene.Said said) {
    Scene scene = Scene.queued().having(s -> s.claim("c2"));
    Task before = scene.task;

    assertThat(scene.refused(said.of(scene)).reason()).isEqualTo(Decision.Reason.HELD);
    assertThat(scene.task).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("ends")
  void nobodyEndsARunThatHeHasNotClaimed(Scene.Said said) {
    Scene scene = Scene.queued();

    assertThat(scene.refused(said.of(scene)).reason()).isEqualTo(Decision.Reason.ILLEGAL);
  }

  @Test
  void answerOfAWorkerThatDoesNotClaimIsTakenBeforeTheConfirmation() {
    Scene scene = Scene.created(Scene.LATE);

    Task task = scene.moved(scene.complete(0));

    assertThat(task.state()).isEqualTo(TaskState.SUCCESS);
    assertThat(task.outbox()).isEmpty();
    assertThat(task.runMs()).isNull();
  }

  @Test
  void answerOfAWorkerThatDoesNotClaimIsTakenWithoutAKnownBeginning() {
    Scene scene = Scene.created(Scene.LATE).having(Scene::confirm);

    assertThat(scene.moved(scene.fail(TaskState.ERROR_PROXY)).state()).isEqualTo(TaskState.CREATED);
  }

  @Test
  void timeThatRunsBackwardsIsNoTime() {
    Scene scene = Scene.running().after(Duration.ofSeconds(-9));

    assertThat(scene.moved(scene.complete(0)).runMs()).isZero();
  }
}
