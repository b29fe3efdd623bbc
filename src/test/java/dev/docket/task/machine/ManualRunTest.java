package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.document.DocumentId;
import dev.docket.task.Lease;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Run;
import dev.docket.task.Task;
import dev.docket.task.TaskSpec;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs that people do, and runs of another protocol before and after them. */
class ManualRunTest {

  private static final Duration LONG = Duration.ofDays(100);

  private static TaskScenario held() {
    return TaskScenario.manual().apply(s -> s.claim("c1"));
  }

  @Test
  void isOpenAndNotPublished() {
    TaskScenario scenario = TaskScenario.manual();

    assertThat(scenario.task.state()).isEqualTo(TaskState.CREATED);
    assertThat(scenario.task.outbox()).isEmpty();
    assertThat(scenario.task.run().dispatchedAt()).isNull();
    assertThat(scenario.task.run().queuedAt()).isEqualTo(TaskScenario.START);
    scenario.assertUnchanged(scenario.confirm());
    scenario.assertUnchanged(scenario.noRoute());
  }

  @Test
  void claimDoesNotExpireAndCountsTheWait() {
    TaskScenario scenario = TaskScenario.manual().advance(LONG);

    Task task = scenario.assertChanged(scenario.claim("c1"));

    assertThat(task.state()).isEqualTo(TaskState.PROCESSING);
    assertThat(task.run().lease()).isEqualTo(Lease.unlimited("w", "c1"));
    assertThat(task.run().queuedMs()).isEqualTo(LONG.toMillis());
    scenario.assertUnchanged(scenario.claim("c1"));
    assertThat(scenario.assertRefused(scenario.claim("c2")).reason())
        .isEqualTo(Decision.Reason.HELD);
  }

  @Test
  void noSweepEndsRun() {
    TaskScenario scenario = held().advance(LONG);

    scenario.assertUnchanged(new Command.LeaseLost());
    scenario.assertUnchanged(new Command.TimedOut());
    scenario.assertUnchanged(new Command.Unanswered(true));
    scenario.assertUnchanged(new Command.Redispatch());
  }

  @Test
  void progressKeepsClaim() {
    TaskScenario scenario = held();
    Task task = scenario.assertChanged(scenario.progress(40, "page 2", null));

    assertThat(task.run().progress()).isEqualTo(40);
    assertThat(task.run().lease()).isEqualTo(Lease.unlimited("w", "c1"));
  }

  @Test
  void completesWithResults() {
    TaskScenario scenario = held();
    Task task = scenario.assertChanged(scenario.complete(2));

    assertThat(task.state()).isEqualTo(TaskState.SUCCESS);
    assertThat(scenario.effects(Effect.StoreResults.class)).hasSize(1);
  }

  @Test
  void failedAttemptIsOpenAgainAtOnce() {
    TaskScenario scenario = held();
    Task task = scenario.assertChanged(scenario.fail(TaskState.ERROR_PROXY));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.message()).isEqualTo("503: why (failure 1 of 3)");
    assertThat(task.run().dueAt()).isNull();
    assertThat(task.outbox()).isEmpty();
    scenario.apply(s -> s.claim("c1")).apply(s -> s.fail(TaskState.ERROR_PROXY));
    scenario.apply(s -> s.claim("c1")).apply(s -> s.fail(TaskState.ERROR_PROXY));
    assertThat(scenario.task.state()).isEqualTo(TaskState.ERROR_PROXY);
    assertThat(scenario.assertChanged(new Command.Retry("ann")).state())
        .isEqualTo(TaskState.CREATED);
    assertThat(scenario.task.outbox()).isEmpty();
  }

  @Test
  void givenBackRunIsOpenAgainAtOnce() {
    TaskScenario scenario = held();
    Task task = scenario.assertChanged(scenario.giveBack());

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.run().failures()).isZero();
    assertThat(task.run().dueAt()).isNull();
  }

  @Test
  void resetAndCancelEndRunWhoseHolderDoesNotAnswer() {
    TaskScenario scenario = held();
    Task asked = scenario.assertChanged(new Command.Cancel("ann"));
    assertThat(asked.state()).isEqualTo(TaskState.PROCESSING);
    assertThat(asked.run().cancelRequestedAt()).isEqualTo(TaskScenario.START);

    scenario.assertUnchanged(new Command.Cancel("ann"));
    scenario.assertChanged(new Command.Reset("ann"));
    Task ended = scenario.assertChanged(new Command.Cancel("ann"));

    assertThat(ended.state()).isEqualTo(TaskState.CANCELLED);
    assertThat(ended.run().lease()).isNull();
    scenario.assertUnchanged(new Command.Cancel("ann"));
  }

  @Test
  void holderConfirmsCancel() {
    TaskScenario scenario = held();
    scenario.assertChanged(new Command.Cancel("ann"));

    assertThat(scenario.assertChanged(scenario.cancelConfirmed()).state())
        .isEqualTo(TaskState.CANCELLED);
  }

  @Test
  void isOpenWhenItsDependencyHasSucceeded() {
    TaskScenario scenario = TaskScenario.manual(TaskScenario.TASK_A);
    assertThat(scenario.task.state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    assertThat(scenario.assertRefused(scenario.claim("c1")).reason())
        .isEqualTo(Decision.Reason.ILLEGAL);

    Task task = scenario.assertChanged(TaskScenario.dependencyDone(TaskScenario.TASK_A, 1));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(scenario.effects(Effect.Publish.class)).isEmpty();
  }

  /** The effect is only the clock of the wait; performing it publishes nothing. */
  @Test
  void waitForAnyTaskEndsByItself() {
    TaskScenario scenario = held();
    Task waiting = scenario.assertChanged(scenario.fail(TaskState.UNFINISHED_DEPENDENCY));
    assertThat(waiting.waitAny()).isTrue();
    scenario.advance(Duration.ofHours(2));

    Task task = scenario.assertChanged(new Command.Publish());

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(scenario.effects(Effect.Publish.class)).isEmpty();
    assertThat(task.run().dispatchedAt()).isNull();
  }

  @Test
  void dueTimeIsKeptButDoesNotPreventClaim() {
    Instant due = TaskScenario.START.plus(LONG);
    TaskScenario scenario = TaskScenario.manual(OnDependencyFailure.FAIL, List.of(), due);

    assertThat(scenario.task.run().dueAt()).isEqualTo(due);
    assertThat(scenario.assertChanged(scenario.claim("c1")).state())
        .isEqualTo(TaskState.PROCESSING);
  }

  @Test
  void claimTakesDocumentAsItIsNow() {
    TaskScenario scenario = TaskScenario.manual();
    TaskSpec.DocumentCopy copy = scenario.task.spec().document();
    TaskSpec.DocumentCopy changed =
        new TaskSpec.DocumentCopy(
            new DocumentId("d"),
            copy.target(),
            copy.creator(),
            copy.createdAt(),
            TaskScenario.START.plus(LONG),
            2);

    Task task =
        TaskMachine.apply(
                scenario.task,
                scenario.claim("c1"),
                scenario.policy,
                scenario.context().with(changed))
            .task();

    assertThat(task.spec().document()).isEqualTo(changed);
  }

  @Test
  void nextRunHasItsOwnProtocol() {
    TaskScenario scenario = TaskScenario.queued();
    scenario.nextProtocol = Run.MANUAL;
    scenario.apply(s -> s.claim("c1"));
    assertThat(scenario.task.run().protocol()).as("the run has begun").isEqualTo("docket");
    assertThat(scenario.task.run().lease().until()).isNotNull();

    Task manual = scenario.assertChanged(new Command.LeaseLost());

    assertThat(manual.run().protocol()).isEqualTo(Run.MANUAL);
    assertThat(manual.run().dueAt()).as("no backoff for people").isNull();
    assertThat(manual.outbox()).isEmpty();

    scenario.nextProtocol = "docket";
    scenario.apply(s -> s.claim("c1")).apply(TaskScenario::giveBack);

    assertThat(scenario.task.run().protocol()).isEqualTo("docket");
    assertThat(scenario.effects(Effect.Publish.class)).hasSize(1);
  }

  @Test
  void firstRunHasTheProtocolOfTheKeyUnlessTheTaskIsPinned() {
    TaskScenario pinned = TaskScenario.created();
    TaskSpec following =
        TaskSpec.builder(pinned.task.spec().document(), pinned.task.key(), null, "ann").build();

    assertThat(
            TaskMachine.create(
                    pinned.task.id(),
                    following,
                    List.of(),
                    null,
                    pinned.context().withProtocol("dane"))
                .run()
                .protocol())
        .isEqualTo("dane");
    assertThat(
            TaskMachine.create(
                    pinned.task.id(),
                    pinned.task.spec(),
                    List.of(),
                    null,
                    pinned.context().withProtocol("dane"))
                .run()
                .protocol())
        .isEqualTo("docket");
  }
}
