package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Dependency;
import dev.docket.task.Move;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What holds for every kind of move: creation, outbox, history, and tasks that are going. */
class TaskMachineTest {

  private static final Instant TOMORROW = Scene.START.plus(Duration.ofDays(1));

  @Test
  void newTaskIsOnItsWayToTheBroker() {
    Task task = Scene.created().task;

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.attempt()).isEqualTo(1);
    assertThat(task.failures()).isZero();
    assertThat(task.dispatchedAt()).isEqualTo(Scene.START);
    assertThat(task.outbox())
        .singleElement()
        .satisfies(
            pending -> {
              assertThat(pending.effect()).isEqualTo(new Effect.Publish(1));
              assertThat(pending.due()).isEqualTo(Scene.START.plusSeconds(30));
            });
    assertThat(task.outboxDue()).contains(Scene.START.plusSeconds(30));
  }

  @Test
  void firstRunIsTheCreationToken() {
    Scene scene = Scene.created();
    Moment moment = new Moment(Scene.START, "f".repeat(32), 0);

    Task task = TaskMachine.create(scene.task.id(), scene.task.spec(), List.of(), null, moment);

    assertThat(task.isRun(1, "f".repeat(32))).isTrue();
  }

  @Test
  void creationIsTheFirstMove() {
    assertThat(Scene.created().task.history())
        .containsExactly(new Move(Scene.START, null, TaskState.CREATED, 1, "create ann", null, 1));
  }

  @Test
  void taskWithDueTimeIsNotDispatchedBeforeIt() {
    Scene scene = Scene.createdFor(TOMORROW);

    assertThat(scene.task.state()).isEqualTo(TaskState.CREATED);
    assertThat(scene.task.dueAt()).isEqualTo(TOMORROW);
    assertThat(scene.task.dispatchedAt()).isNull();
    assertThat(scene.pending(Effect.Publish.class).due()).isEqualTo(TOMORROW);
  }

  @Test
  void dueTimeInThePastIsNone() {
    Scene scene = Scene.createdFor(Scene.START.minusSeconds(1));

    assertThat(scene.task.dueAt()).isNull();
    assertThat(scene.task.dispatchedAt()).isEqualTo(Scene.START);
  }

  @Test
  void taskWithDependenciesWaitsAndRegisters() {
    Scene scene = Scene.waiting(OnDependencyFailure.FAIL, Scene.A, Scene.B);

    assertThat(scene.task.state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    assertThat(scene.task.outbox())
        .extracting(PendingEffect::effect)
        .containsExactly(new Effect.Register(List.of(Scene.A, Scene.B)));
    assertThat(scene.task.dependsOn())
        .containsExactly(
            new Dependency(Scene.A.id(), Scene.A.key(), null, 0),
            new Dependency(Scene.B.id(), Scene.B.key(), null, 0));
  }

  @Test
  void dependencyNamedTwiceIsOne() {
    assertThat(Scene.waiting(OnDependencyFailure.FAIL, Scene.A, Scene.A).task.dependsOn())
        .hasSize(1);
  }

  @Test
  void effectsThatAreDoneLeaveTheOutbox() {
    Scene scene = Scene.done(2);

    scene.moved(scene.effectDone(Effect.StoreResults.class));

    assertThat(scene.task.outbox()).isEmpty();
    assertThat(scene.task.state()).isEqualTo(TaskState.SUCCESS);
  }

  @Test
  void effectsDoneTwiceChangeNothing() {
    Scene scene = Scene.done(2);
    Command done = scene.effectDone(Effect.StoreResults.class);
    scene.moved(done);

    scene.unchanged(done);
  }

  @Test
  void effectsDoneTakesOutNoOther() {
    Scene scene = Scene.withCallback();
    scene.having(s -> s.claim("c1")).having(s -> s.complete(1));

    scene.moved(scene.effectDone(Effect.StoreResults.class));

    assertThat(scene.task.outbox())
        .extracting(PendingEffect::effect)
        .containsExactly(new Effect.Callback(1));
  }

  @Test
  void messageIsDoneWhenTheBrokerSaysSoAndNotBefore() {
    Scene scene = Scene.created();

    scene.unchanged(scene.effectDone(Effect.Publish.class));
  }

  @Test
  void effectsOfOneMoveAreInTheOrderInWhichTheyAreDone() {
    Scene scene = Scene.withCallback();
    scene.moved(new Command.AddDependent(new TaskId("x")));
    scene.having(s -> s.claim("c1")).having(s -> s.complete(1));

    assertThat(scene.task.outbox())
        .extracting(pending -> pending.effect().getClass().getSimpleName())
        .containsExactly("StoreResults", "Wake", "Callback");
  }

  @Test
  void effectsHaveIdsOfTheirOwn() {
    Scene scene = Scene.withCallback();
    scene.moved(new Command.AddDependent(new TaskId("x")));
    scene.having(s -> s.claim("c1")).having(s -> s.complete(1));

    assertThat(scene.task.outbox()).extracting(PendingEffect::id).doesNotHaveDuplicates();
  }

  @Test
  void endWithoutReceiverOrDependentsLeavesNothingToDo() {
    assertThat(Scene.failed().task.outbox()).isEmpty();
  }

  @Test
  void historyHoldsTheLastFiftyMoves() {
    Scene scene = Scene.created();
    for (int i = 0; i < 60; i++) {
      scene.moved(new Command.Reset("ann" + i));
    }

    assertThat(scene.task.history()).hasSize(50);
    assertThat(scene.task.history().get(0).by()).isEqualTo("reset ann10");
    assertThat(scene.lastMove().by()).isEqualTo("reset ann59");
  }

  @Test
  void moveIsNotedWithTimeStatesAttemptAndWhoDidIt() {
    Scene scene = Scene.running().after(Duration.ofSeconds(5));

    scene.moved(scene.fail(TaskState.NOT_FOUND));

    assertThat(scene.lastMove())
        .isEqualTo(
            new Move(
                Scene.START.plusSeconds(5),
                TaskState.PROCESSING,
                TaskState.NOT_FOUND,
                1,
                "fail w",
                "why",
                1));
  }

  @Test
  void everyWriteSaysWhen() {
    Scene scene = Scene.running().after(Duration.ofSeconds(5));

    assertThat(scene.moved(scene.heartbeat()).updatedAt()).isEqualTo(Scene.START.plusSeconds(5));
  }

  @Test
  void whatANewRunDoesNotSupersedeStaysToBeDone() {
    Scene scene = Scene.done(2);

    scene.moved(new Command.Reset("ann"));

    assertThat(scene.task.outbox())
        .extracting(pending -> pending.effect().getClass().getSimpleName())
        .containsExactly("StoreResults", "Publish");
  }

  @Test
  void unknownEffectIdsChangeNothing() {
    Scene.done(1).unchanged(new Command.EffectsDone(Set.of("never heard of")));
  }

  @Test
  void taskThatTheStoreRefusesEndsWithTheReason() {
    Scene scene = Scene.running();

    Task task = scene.moved(new Command.Unstorable("too deep"));

    assertThat(task.state()).isEqualTo(TaskState.ERROR);
    assertThat(task.message()).isEqualTo("the store refuses it: too deep");
    assertThat(task.lease()).isNull();
  }

  @Test
  void taskThatHasEndedIsNotEndedByTheStore() {
    assertThat(Scene.done(0).refused(new Command.Unstorable("too deep")).reason())
        .isEqualTo(Decision.Reason.ILLEGAL);
  }
}
