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
  private static TaskScenario waiting() {
    return TaskScenario.created(TaskScenario.LATE).having(TaskScenario::confirm);
  }

  @Test
  void areCountedWhileTheRunIsUnderWayAndShownToNobody() {
    TaskScenario scenario = waiting();

    scenario.moved(SAVE);
    scenario.moved(SAVE);

    assertThat(scenario.task.saved()).isEqualTo(2);
    assertThat(scenario.task.results()).isNull();
    assertThat(scenario.task.state()).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void countOnceTheRunSucceeds() {
    TaskScenario scenario = waiting();
    scenario.moved(SAVE);
    scenario.moved(SAVE);

    scenario.having(s -> s.complete(0));

    assertThat(scenario.task.results()).isEqualTo(new RunResults(1, scenario.task.run(), 2));
    assertThat(scenario.task.saved()).isZero();
    assertThat(scenario.outbox(Effect.StoreResults.class)).isEmpty();
    assertThat(scenario.outbox(Effect.DeleteResults.class)).isEmpty();
  }

  @Test
  void areNumberedBeforeThoseThatComeWithTheEnd() {
    TaskScenario scenario = waiting();
    scenario.moved(SAVE);

    scenario.having(s -> s.complete(2));

    Effect.StoreResults store = scenario.outbox(Effect.StoreResults.class).get(0);
    assertThat(store.run()).isEqualTo(new RunResults(1, scenario.task.run(), 3));
    assertThat(store.firstOrdinal()).isEqualTo(1);
  }

  @Test
  void replaceThoseOfAnEarlierSuccess() {
    TaskScenario scenario = waiting();
    scenario.moved(SAVE);
    scenario.having(s -> s.complete(0));
    RunResults first = scenario.task.results();
    scenario.moved(new Command.ForceRetry("ann"));
    scenario.moved(SAVE);
    assertThat(scenario.task.results()).isEqualTo(first);

    scenario.having(s -> s.complete(0));

    RunResults second = new RunResults(2, scenario.task.run(), 1);
    assertThat(scenario.task.results()).isEqualTo(second);
    assertThat(scenario.outbox(Effect.StoreResults.class))
        .containsExactly(new Effect.StoreResults(second, List.of(), first));
  }

  @Test
  void goWhenTheRunFailsForGood() {
    TaskScenario scenario = waiting();
    scenario.moved(SAVE);
    RunResults saved = scenario.task.savedResults();

    scenario.having(s -> s.fail(TaskState.ERROR));

    assertThat(scenario.task.saved()).isZero();
    assertThat(scenario.outbox(Effect.DeleteResults.class))
        .containsExactly(new Effect.DeleteResults(List.of(saved)));
  }

  @Test
  void goWhenTheRunIsTriedAgainAndWhenTheTaskWaitsForOthers() {
    for (TaskState end : List.of(TaskState.ERROR_PROXY, TaskState.UNFINISHED_DEPENDENCY)) {
      TaskScenario scenario = waiting();
      scenario.moved(SAVE);
      RunResults saved = scenario.task.savedResults();

      scenario.having(s -> s.fail(end));

      assertThat(scenario.task.attempt()).isEqualTo(2);
      assertThat(scenario.task.saved()).isZero();
      assertThat(scenario.outbox(Effect.DeleteResults.class))
          .containsExactly(new Effect.DeleteResults(List.of(saved)));
    }
  }

  @Test
  void goWithTheTask() {
    TaskScenario scenario = waiting();
    scenario.moved(SAVE);
    RunResults saved = scenario.task.savedResults();

    scenario.moved(new Command.Delete("ann"));

    assertThat(scenario.outbox(Effect.DeleteResults.class))
        .containsExactly(new Effect.DeleteResults(List.of(saved)));
  }

  @Test
  void areRefusedOnceTheTaskHasEndedOrWaits() {
    TaskScenario ended = waiting().having(s -> s.complete(0));
    assertThat(ended.execute(SAVE).refused()).isTrue();
    TaskScenario waits = TaskScenario.waiting(OnDependencyFailure.FAIL, TaskScenario.A);
    assertThat(waits.execute(SAVE).refused()).isTrue();
  }

  @Test
  void areRefusedFromWorkersThatHandThemInWithTheEnd() {
    assertThat(TaskScenario.running().execute(SAVE).refused()).isTrue();
  }

  @Test
  void areAtMostAHundred() {
    TaskScenario scenario = waiting();
    for (int i = 0; i < TaskMachine.MAX_SAVED; i++) {
      scenario.moved(SAVE);
    }

    assertThat(scenario.execute(SAVE).refused()).isTrue();
    assertThat(scenario.task.saved()).isEqualTo(100);
  }
}
