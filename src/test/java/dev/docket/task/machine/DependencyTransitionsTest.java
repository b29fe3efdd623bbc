package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Dependency;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the ends of other tasks do. */
class DependencyTransitionsTest {

  private static final Instant TOMORROW = TaskScenario.START.plus(Duration.ofDays(1));

  private static TaskScenario waiting(Effect.Needed... needed) {
    return TaskScenario.waiting(OnDependencyFailure.FAIL, needed);
  }

  private static TaskScenario failedDependency() {
    TaskScenario scenario = waiting(TaskScenario.A);
    scenario.moved(TaskScenario.failed(TaskScenario.A, 1));
    return scenario;
  }

  @Test
  void taskIsDispatchedWhenAllThatItNeedsIsDone() {
    TaskScenario scenario = waiting(TaskScenario.A, TaskScenario.B);
    assertThat(scenario.moved(TaskScenario.done(TaskScenario.A, 1)).state())
        .isEqualTo(TaskState.UNFINISHED_DEPENDENCY);

    Task task = scenario.moved(TaskScenario.done(TaskScenario.B, 3));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(scenario.lastMove().by()).isEqualTo("dependency_done B");
    assertThat(scenario.outbox(Effect.Publish.class)).containsExactly(new Effect.Publish(1));
    assertThat(task.dependsOn())
        .containsExactly(
            new Dependency(TaskScenario.A.id(), TaskScenario.A.key(), TaskState.SUCCESS, 1),
            new Dependency(TaskScenario.B.id(), TaskScenario.B.key(), TaskState.SUCCESS, 3));
  }

  @Test
  void dueTimeHoldsAfterTheWait() {
    TaskScenario scenario = TaskScenario.createdFor(TOMORROW, TaskScenario.A);

    Task task = scenario.moved(TaskScenario.done(TaskScenario.A, 1));

    assertThat(task.dueAt()).isEqualTo(TOMORROW);
    assertThat(scenario.pending(Effect.Publish.class).due()).isEqualTo(TOMORROW);
  }

  @Test
  void whatWaitsForItselfEnds() {
    TaskScenario scenario = waiting(TaskScenario.A, TaskScenario.B);

    Task task = scenario.moved(new Command.InCycle(TaskScenario.A.id(), "x needs a needs x"));

    assertThat(task.state()).isEqualTo(TaskState.FAILED_DEPENDENCY);
    assertThat(task.message()).isEqualTo("it waits for itself: x needs a needs x");
    scenario.unchanged(new Command.InCycle(TaskScenario.B.id(), "x needs b needs x"));
  }

  @Test
  void nothingWaitsForItselfThroughWhatHasEnded() {
    TaskScenario scenario = waiting(TaskScenario.A, TaskScenario.B);
    scenario.moved(TaskScenario.done(TaskScenario.A, 1));

    scenario.unchanged(new Command.InCycle(TaskScenario.A.id(), "x needs a needs x"));
    scenario.unchanged(new Command.InCycle(new TaskId("other"), "x needs other needs x"));
  }

  @Test
  void whoAsksAgainForWhatIsDoneWaitsForAMinute() {
    TaskScenario scenario = TaskScenario.created(TaskScenario.LATE).having(TaskScenario::confirm);
    for (int seconds : new int[] {1, 60, 60}) {
      Task waiting =
          scenario.moved(
              new Command.Fail(
                  scenario.task.attempt(),
                  scenario.task.run(),
                  null,
                  "w",
                  TaskState.UNFINISHED_DEPENDENCY,
                  "",
                  List.of(TaskScenario.A)));
      assertThat(waiting.dueAt()).isEqualTo(scenario.context().now().plusSeconds(seconds));
      scenario.moved(TaskScenario.done(TaskScenario.A, 1));
      scenario.after(Duration.ofSeconds(seconds));
      scenario.moved(new Command.Publish());
      scenario.having(TaskScenario::confirm);
    }
  }

  @Test
  void registrationStaysToBeDone() {
    TaskScenario scenario = waiting(TaskScenario.A);

    scenario.moved(TaskScenario.done(TaskScenario.A, 1));

    assertThat(scenario.outbox(Effect.Register.class)).hasSize(1);
  }

  @Test
  void failureOfADependencyFailsTheTask() {
    TaskScenario scenario = waiting(TaskScenario.A, TaskScenario.B);
    scenario.moved(new Command.AddDependent(new TaskId("x")));

    Task task = scenario.moved(TaskScenario.failed(TaskScenario.A, 1));

    assertThat(task.state()).isEqualTo(TaskState.FAILED_DEPENDENCY);
    assertThat(task.message()).isEqualTo("it needs A, which ended with 500 ERROR");
    assertThat(scenario.outbox(Effect.Wake.class)).hasSize(1);
    assertThat(scenario.outbox(Effect.Register.class)).hasSize(1);
  }

  @Test
  void taskComesBackAsANewRunWhenTheDependencySucceedsLater() {
    TaskScenario scenario = failedDependency();
    String run = scenario.task.run();

    Task task = scenario.moved(TaskScenario.done(TaskScenario.A, 2));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.attempt()).isEqualTo(2);
    assertThat(task.run()).isNotEqualTo(run);
    assertThat(task.finishedAt()).isNull();
    assertThat(scenario.outbox(Effect.Publish.class)).containsExactly(new Effect.Publish(2));
  }

  @Test
  void taskComesBackNotBeforeItsDueTime() {
    TaskScenario scenario = TaskScenario.createdFor(TOMORROW, TaskScenario.A);
    scenario.moved(TaskScenario.failed(TaskScenario.A, 1));

    Task task = scenario.moved(TaskScenario.done(TaskScenario.A, 2));

    assertThat(task.dueAt()).isEqualTo(TOMORROW);
    assertThat(scenario.pending(Effect.Publish.class).due()).isEqualTo(TOMORROW);
  }

  @Test
  void taskComesBackOnlyWhenTheOthersAreDoneToo() {
    TaskScenario scenario = waiting(TaskScenario.A, TaskScenario.B);
    scenario.moved(TaskScenario.failed(TaskScenario.A, 1));

    assertThat(scenario.moved(TaskScenario.done(TaskScenario.A, 2)).state())
        .isEqualTo(TaskState.FAILED_DEPENDENCY);
    assertThat(scenario.moved(TaskScenario.done(TaskScenario.B, 1)).state())
        .isEqualTo(TaskState.CREATED);
  }

  @Test
  void secondFailureOfTheDependencyIsNoSecondEnd() {
    TaskScenario scenario = failedDependency();
    int transitions = scenario.task.history().size();

    Task task = scenario.moved(TaskScenario.failed(TaskScenario.A, 2));

    assertThat(task.history()).hasSize(transitions);
    assertThat(task.dependsOn().get(0).attempt()).isEqualTo(2);
  }

  @Test
  void newsOfAnOlderAttemptAreIgnored() {
    TaskScenario scenario = TaskScenario.waiting(OnDependencyFailure.WAIT, TaskScenario.A);
    scenario.moved(TaskScenario.failed(TaskScenario.A, 3));

    scenario.unchanged(TaskScenario.done(TaskScenario.A, 2));
  }

  @Test
  void successOfATaskThatWasGoneAndIsMadeAgainCounts() {
    TaskScenario scenario = TaskScenario.waiting(OnDependencyFailure.WAIT, TaskScenario.A);
    scenario.moved(TaskScenario.failed(TaskScenario.A, 3));
    scenario.moved(TaskScenario.failed(TaskScenario.A, Command.GONE));

    assertThat(scenario.moved(TaskScenario.done(TaskScenario.A, 1)).state())
        .isEqualTo(TaskState.CREATED);
  }

  @Test
  void sameNewsAgainChangeNothing() {
    TaskScenario scenario = waiting(TaskScenario.A, TaskScenario.B);
    scenario.moved(TaskScenario.done(TaskScenario.A, 1));
    scenario.unchanged(TaskScenario.done(TaskScenario.A, 1));

    TaskScenario failed = failedDependency();
    failed.unchanged(TaskScenario.failed(TaskScenario.A, 1));
  }

  @Test
  void newsOfOthersAreIgnored() {
    waiting(TaskScenario.A).unchanged(TaskScenario.done(TaskScenario.B, 1));
    waiting(TaskScenario.A).unchanged(TaskScenario.failed(TaskScenario.B, 1));
  }

  @Test
  void whoDoesNotWaitIsNotMoved() {
    TaskScenario scenario = waiting(TaskScenario.A);
    scenario.moved(TaskScenario.done(TaskScenario.A, 1));

    scenario.unchanged(TaskScenario.failed(TaskScenario.A, 2));
    scenario.having(s -> s.claim("c1")).unchanged(TaskScenario.failed(TaskScenario.A, 2));
    scenario.having(s -> s.complete(0)).unchanged(TaskScenario.failed(TaskScenario.A, 2));
  }

  @Test
  void cancelledTaskDoesNotComeBack() {
    TaskScenario scenario = waiting(TaskScenario.A);
    scenario.moved(new Command.Cancel("ann"));

    scenario.unchanged(TaskScenario.done(TaskScenario.A, 1));
  }

  @Test
  void taskMayRunInSpiteOfAFailure() {
    TaskScenario scenario =
        TaskScenario.waiting(OnDependencyFailure.RUN, TaskScenario.A, TaskScenario.B);
    scenario.moved(TaskScenario.done(TaskScenario.B, 1));

    Task task = scenario.moved(TaskScenario.failed(TaskScenario.A, 1));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(scenario.lastMove().by()).isEqualTo("dependency_failed A");
    assertThat(scenario.outbox(Effect.Publish.class)).hasSize(1);
  }

  @Test
  void taskMayWaitInSpiteOfAFailure() {
    TaskScenario scenario = TaskScenario.waiting(OnDependencyFailure.WAIT, TaskScenario.A);

    assertThat(scenario.moved(TaskScenario.failed(TaskScenario.A, 1)).state())
        .isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    assertThat(scenario.moved(TaskScenario.done(TaskScenario.A, 2)).state())
        .isEqualTo(TaskState.CREATED);
  }

  @Test
  void workerMayFindOutWhatItNeeds() {
    TaskScenario scenario = TaskScenario.running();

    Task task = scenario.moved(scenario.fail(TaskState.UNFINISHED_DEPENDENCY, TaskScenario.A));

    assertThat(task.state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    assertThat(task.attempt()).isEqualTo(2);
    assertThat(task.failures()).isZero();
    assertThat(task.lease()).isNull();
    assertThat(task.waitAny()).isFalse();
    assertThat(task.outbox())
        .extracting(PendingEffect::effect)
        .containsExactly(new Effect.Register(List.of(TaskScenario.A)));
    assertThat(scenario.moved(TaskScenario.done(TaskScenario.A, 1)).state())
        .isEqualTo(TaskState.CREATED);
  }

  @Test
  void whatATaskWasForcedToRunWithoutDoesNotHoldItUpLater() {
    TaskScenario scenario = waiting(TaskScenario.A);
    scenario.moved(new Command.ForceRetry("ann"));
    scenario.having(s -> s.claim("c1"));
    scenario.moved(scenario.fail(TaskState.UNFINISHED_DEPENDENCY, TaskScenario.B));

    assertThat(scenario.moved(TaskScenario.done(TaskScenario.B, 1)).state())
        .isEqualTo(TaskState.CREATED);
  }

  @Test
  void dependencyThatWasDoneStaysKnownWhenTheWorkerNeedsAnother() {
    TaskScenario scenario = waiting(TaskScenario.A);
    scenario.moved(TaskScenario.done(TaskScenario.A, 1));
    scenario.having(s -> s.claim("c1"));

    scenario.moved(scenario.fail(TaskState.UNFINISHED_DEPENDENCY, TaskScenario.B));

    assertThat(scenario.task.dependsOn())
        .extracting(Dependency::id)
        .containsExactly(TaskScenario.A.id(), TaskScenario.B.id());
  }

  @Test
  void aWorkerThatAsksForWhatIsDoneAlreadyIsNotAskedAgainAtOnce() {
    TaskScenario scenario = TaskScenario.running();
    scenario.moved(scenario.fail(TaskState.UNFINISHED_DEPENDENCY, TaskScenario.A));

    Task task =
        scenario.moved(new Command.DependencyDone(TaskScenario.A.id(), TaskScenario.A.key(), 1));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.dueAt()).isEqualTo(scenario.now.plusSeconds(1));
  }
}
