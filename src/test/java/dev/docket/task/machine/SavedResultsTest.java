package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.OnDependencyFailure;
import dev.docket.task.RunResults;
import dev.docket.task.TaskState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Results that a worker saves before its run ends. */
final class SavedResultsTest {

  private static final Command SAVE = new Command.SaveResult();

  /** With a worker that saves as it goes and holds no lease. */
  private static Scene waiting() {
    return Scene.created(Scene.LATE).having(Scene::confirm);
  }

  @Test
  void areCountedWhileTheRunIsUnderWayAndShownToNobody() {
    Scene scene = waiting();

    scene.moved(SAVE);
    scene.moved(SAVE);

    assertThat(scene.task.saved()).isEqualTo(2);
    assertThat(scene.task.results()).isNull();
    assertThat(scene.task.state()).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void countOnceTheRunSucceeds() {
    Scene scene = waiting();
    scene.moved(SAVE);
    scene.moved(SAVE);

    scene.having(s -> s.complete(0));

    assertThat(scene.task.results()).isEqualTo(new RunResults(1, scene.task.run(), 2));
    assertThat(scene.task.saved()).isZero();
    assertThat(scene.outbox(Effect.StoreResults.class)).isEmpty();
    assertThat(scene.outbox(Effect.DeleteResults.class)).isEmpty();
  }

  @Test
  void areNumberedBeforeThoseThatComeWithTheEnd() {
    Scene scene = waiting();
    scene.moved(SAVE);

    scene.having(s -> s.complete(2));

    Effect.StoreResults store = scene.outbox(Effect.StoreResults.class).get(0);
    assertThat(store.run()).isEqualTo(new RunResults(1, scene.task.run(), 3));
    assertThat(store.firstOrdinal()).isEqualTo(1);
  }

  @Test
  void replaceThoseOfAnEarlierSuccess() {
    Scene scene = waiting();
    scene.moved(SAVE);
    scene.having(s -> s.complete(0));
    RunResults first = scene.task.results();
    scene.moved(new Command.ForceRetry("ann"));
    scene.moved(SAVE);
    assertThat(scene.task.results()).isEqualTo(first);

    scene.having(s -> s.complete(0));

    RunResults second = new RunResults(2, scene.task.run(), 1);
    assertThat(scene.task.results()).isEqualTo(second);
    assertThat(scene.outbox(Effect.StoreResults.class))
        .containsExactly(new Effect.StoreResults(second, List.of(), first));
  }

  @Test
  void goWhenTheRunFailsForGood() {
    Scene scene = waiting();
    scene.moved(SAVE);
    RunResults saved = scene.task.savedResults();

    scene.having(s -> s.fail(TaskState.ERROR));

    assertThat(scene.task.saved()).isZero();
    assertThat(scene.outbox(Effect.DeleteResults.class))
        .containsExactly(new Effect.DeleteResults(List.of(saved)));
  }

  @Test
  void goWhenTheRunIsTriedAgainAndWhenTheTaskWaitsForOthers() {
    for (TaskState end : List.of(TaskState.ERROR_PROXY, TaskState.UNFINISHED_DEPENDENCY)) {
      Scene scene = waiting();
      scene.moved(SAVE);
      RunResults saved = scene.task.savedResults();

      scene.having(s -> s.fail(end));

      assertThat(scene.task.attempt()).isEqualTo(2);
      assertThat(scene.task.saved()).isZero();
      assertThat(scene.outbox(Effect.DeleteResults.class))
          .containsExactly(new Effect.DeleteResults(List.of(saved)));
    }
  }

  @Test
  void goWithTheTask() {
    Scene scene = waiting();
    scene.moved(SAVE);
    RunResults saved = scene.task.savedResults();

    scene.moved(new Command.Delete("ann"));

    assertThat(scene.outbox(Effect.DeleteResults.class))
        .containsExactly(new Effect.DeleteResults(List.of(saved)));
  }

  @Test
  void areRefusedOnceTheTaskHasEndedOrWaits() {
    Scene ended = waiting().having(s -> s.complete(0));
    assertThat(ended.tell(SAVE).refused()).isTrue();
    Scene waits = Scene.waiting(OnDependencyFailure.FAIL, Scene.A);
    assertThat(waits.tell(SAVE).refused()).isTrue();
  }

  @Test
  void areRefusedFromWorkersThatHandThemInWithTheEnd() {
    assertThat(Scene.running().tell(SAVE).refused()).isTrue();
  }

  @Test
  void areAtMostAHundred() {
    Scene scene = waiting();
    for (int i = 0; i < TaskMachine.MAX_SAVED; i++) {
      scene.moved(SAVE);
    }

    assertThat(scene.tell(SAVE).refused()).isTrue();
    assertThat(scene.task.saved()).isEqualTo(100);
  }
}
