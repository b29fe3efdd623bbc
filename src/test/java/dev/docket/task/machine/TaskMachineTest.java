package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Dependency;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import dev.docket.task.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What holds for every kind of move: creation, outbox, history, and tasks that are going. */
class TaskMachineTest {

  private static final Instant TOMORROW = TaskScenario.START.plus(Duration.ofDays(1));

  @Test
  void newTaskIsOnItsWayToTheBroker() {
    Task task = TaskScenario.created().task;

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.attempt()).isEqualTo(1);
    assertThat(task.failures()).isZero();
    assertThat(task.dispatchedAt()).isEqualTo(TaskScenario.START);
    assertThat(task.outbox())
        .singleElement()
        .satisfies(
            pending -> {
              assertThat(pending.effect()).isEqualTo(new Effect.Publish(1));
              assertThat(pending.due()).isEqualTo(TaskScenario.START.plusSeconds(30));
            });
    assertThat(task.outboxDue()).contains(TaskScenario.START.plusSeconds(30));
  }

  @Test
  void firstRunIsTheCreationToken() {
    TaskScenario scenario = TaskScenario.created();
    DecisionContext context = new DecisionContext(TaskScenario.START, "f".repeat(32), 0);

    Task task =
        TaskMachine.create(scenario.task.id(), scenario.task.spec(), List.of(), null, context);

    assertThat(task.isRun(1, "f".repeat(32))).isTrue();
  }

  @Test
  void creationIsTheFirstMove() {
    assertThat(TaskScenario.created().task.history())
        .containsExactly(
            new Transition(TaskScenario.START, null, TaskState.CREATED, 1, "create ann", null, 1));
  }

  @Test
  void taskWithDueTimeIsNotDispatchedBeforeIt() {
    TaskScenario scenario = TaskScenario.createdFor(TOMORROW);

    assertThat(scenario.task.state()).isEqualTo(TaskState.CREATED);
    assertThat(scenario.task.dueAt()).isEqualTo(TOMORROW);
    assertThat(scenario.task.dispatchedAt()).isNull();
    assertThat(scenario.pending(Effect.Publish.class).due()).isEqualTo(TOMORROW);
  }

  @Test
  void dueTimeInThePastIsNone() {
    TaskScenario scenario = TaskScenario.createdFor(TaskScenario.START.minusSeconds(1));

    assertThat(scenario.task.dueAt()).isNull();
    assertThat(scenario.task.dispatchedAt()).isEqualTo(TaskScenario.START);
  }

  @Test
  void taskWithDependenciesWaitsAndRegisters() {
    TaskScenario scenario =
        TaskScenario.waiting(OnDependencyFailure.FAIL, TaskScenario.A, TaskScenario.B);

    assertThat(scenario.task.state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    assertThat(scenario.task.outbox())
        .extracting(PendingEffect::effect)
        .containsExactly(new Effect.Register(List.of(TaskScenario.A, TaskScenario.B)));
    assertThat(scenario.task.dependsOn())
        .containsExactly(
            new Dependency(TaskScenario.A.id(), TaskScenario.A.key(), null, 0),
            new Dependency(TaskScenario.B.id(), TaskScenario.B.key(), null, 0));
  }

  @Test
  void dependencyNamedTwiceIsOne() {
    assertThat(
            TaskScenario.waiting(OnDependencyFailure.FAIL, TaskScenario.A, TaskScenario.A)
                .task
                .dependsOn())
        .hasSize(1);
  }

  @Test
  void effectsThatAreDoneLeaveTheOutbox() {
    TaskScenario scenario = TaskScenario.done(2);

    scenario.moved(scenario.effectDone(Effect.StoreResults.class));

    assertThat(scenario.task.outbox()).isEmpty();
    assertThat(scenario.task.state()).isEqualTo(TaskState.SUCCESS);
  }

  @Test
  void effectsDoneTwiceChangeNothing() {
    TaskScenario scenario = TaskScenario.done(2);
    Command done = scenario.effectDone(Effect.StoreResults.class);
    scenario.moved(done);

    scenario.unchanged(done);
  }

  @Test
  void effectsDoneTakesOutNoOther() {
    TaskScenario scenario = TaskScenario.withCallback();
    scenario.having(s -> s.claim("c1")).having(s -> s.complete(1));

    scenario.moved(scenario.effectDone(Effect.StoreResults.class));

    assertThat(scenario.task.outbox())
        .extracting(PendingEffect::effect)
        .containsExactly(new Effect.Callback(1));
  }

  @Test
  void messageIsDoneWhenTheBrokerSaysSoAndNotBefore() {
    TaskScenario scenario = TaskScenario.created();

    scenario.unchanged(scenario.effectDone(Effect.Publish.class));
  }

  @Test
  void effectsOfOneMoveAreInTheOrderInWhichTheyAreDone() {
    TaskScenario scenario = TaskScenario.withCallback();
    scenario.moved(new Command.AddDependent(new TaskId("x")));
    scenario.having(s -> s.claim("c1")).having(s -> s.complete(1));

    assertThat(scenario.task.outbox())
        .extracting(pending -> pending.effect().getClass().getSimpleName())
        .containsExactly("StoreResults", "Wake", "Callback");
  }

  @Test
  void effectsHaveIdsOfTheirOwn() {
    TaskScenario scenario = TaskScenario.withCallback();
    scenario.moved(new Command.AddDependent(new TaskId("x")));
    scenario.having(s -> s.claim("c1")).having(s -> s.complete(1));

    assertThat(scenario.task.outbox()).extracting(PendingEffect::id).doesNotHaveDuplicates();
  }

  @Test
  void endWithoutReceiverOrDependentsLeavesNothingToDo() {
    assertThat(TaskScenario.failed().task.outbox()).isEmpty();
  }

  @Test
  void historyHoldsTheLastFiftyMoves() {
    TaskScenario scenario = TaskScenario.created();
    for (int i = 0; i < 60; i++) {
      scenario.moved(new Command.Reset("ann" + i));
    }

    assertThat(scenario.task.history()).hasSize(50);
    assertThat(scenario.task.history().get(0).by()).isEqualTo("reset ann10");
    assertThat(scenario.lastMove().by()).isEqualTo("reset ann59");
  }

  @Test
  void moveIsNotedWithTimeStatesAttemptAndWhoDidIt() {
    TaskScenario scenario = TaskScenario.running().after(Duration.ofSeconds(5));

    scenario.moved(scenario.fail(TaskState.NOT_FOUND));

    assertThat(scenario.lastMove())
        .isEqualTo(
            new Transition(
                TaskScenario.START.plusSeconds(5),
                TaskState.PROCESSING,
                TaskState.NOT_FOUND,
                1,
                "fail w",
                "why",
                1));
  }

  @Test
  void everyWriteSaysWhen() {
    TaskScenario scenario = TaskScenario.running().after(Duration.ofSeconds(5));

    assertThat(scenario.moved(scenario.heartbeat()).updatedAt())
        .isEqualTo(TaskScenario.START.plusSeconds(5));
  }

  @Test
  void whatANewRunDoesNotSupersedeStaysToBeDone() {
    TaskScenario scenario = TaskScenario.done(2);

    scenario.moved(new Command.Reset("ann"));

    assertThat(scenario.task.outbox())
        .extracting(pending -> pending.effect().getClass().getSimpleName())
        .containsExactly("StoreResults", "Publish");
  }

  @Test
  void unknownEffectIdsChangeNothing() {
    TaskScenario.done(1).unchanged(new Command.EffectsDone(Set.of("never heard of")));
  }

  @Test
  void taskThatTheStoreRefusesEndsWithTheReason() {
    TaskScenario scenario = TaskScenario.running();

    Task task = scenario.moved(new Command.Unstorable("too deep"));

    assertThat(task.state()).isEqualTo(TaskState.ERROR);
    assertThat(task.message()).isEqualTo("the store refuses it: too deep");
    assertThat(task.lease()).isNull();
  }

  @Test
  void taskThatHasEndedIsNotEndedByTheStore() {
    assertThat(TaskScenario.done(0).refused(new Command.Unstorable("too deep")).reason())
        .isEqualTo(Decision.Reason.ILLEGAL);
  }
}
