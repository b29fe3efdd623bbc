package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Dependency;
import dev.docket.task.Lease;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import dev.docket.task.Transition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks the invariants of every transition of every task. */
final class TransitionInvariants {

  private final Policy policy;

  TransitionInvariants(Policy policy) {
    this.policy = policy;
  }

  /**
   * Checks one decision.
   *
   * @param after the task as it is written
   */
  void check(Task before, Command command, Decision decision, Task after) {
    if (!(decision instanceof Decision.Changed)) {
      assertThat(decision.task()).isEqualTo(before);
    }
    checkRun(before, after);
    checkEnd(before, command, after);
    if (isStale(before, command)) {
      assertThat(withoutHistory(after)).isEqualTo(withoutHistory(before));
    }
    checkHistory(before, after);
    checkFailures(before, command, after);
    checkUnreportedGrants(before, command, after);
    checkLease(before, command, after);
    checkState(after);
    checkDeletion(before, command, after);
    new OutboxInvariants(before, command, after).check();
  }

  private static void checkRun(Task before, Task after) {
    assertThat(after.run().attempt()).isBetween(before.run().attempt(), before.run().attempt() + 1);
    boolean sameRun = after.run().attempt() == before.run().attempt();
    assertThat(after.run().token().equals(before.run().token())).isEqualTo(sameRun);
    boolean handedOut = before.run().dispatchedAt() != null || before.run().lease() != null;
    if (sameRun && handedOut) {
      assertThat(after.run().protocol()).isEqualTo(before.run().protocol());
    }
  }

  /** Only a few commands change an end state, and each of them starts a new run. */
  private static void checkEnd(Task before, Command command, Task after) {
    if (!before.state().isFinished() || after.state() == before.state()) {
      return;
    }
    assertThat(command)
        .isInstanceOfAny(
            Command.Retry.class,
            Command.RetryNow.class,
            Command.ForceRetry.class,
            Command.Reset.class,
            Command.MassReset.class,
            Command.DependencyDone.class,
            Command.DependencyFailed.class);
    if (command instanceof Command.DependencyFailed) {
      // The task ended because of a cycle, and may run despite failed dependencies.
      assertThat(before.spec().onDependencyFailure()).isEqualTo(OnDependencyFailure.RUN);
      assertThat(before.state()).isEqualTo(TaskState.FAILED_DEPENDENCY);
    }
    if (command instanceof Command.DependencyDone) {
      assertThat(before.state()).isEqualTo(TaskState.FAILED_DEPENDENCY);
    }
    assertThat(after.run().attempt()).isGreaterThan(before.run().attempt());
  }

  private static boolean isStale(Task before, Command command) {
    return (command instanceof Command.FromWorker report && !before.isCurrentRun(report.run()))
        || (command instanceof Command.FromBroker outcome && !before.isCurrentRun(outcome.run()));
  }

  private static Task withoutHistory(Task task) {
    TaskBuilder builder =
        new TaskBuilder(task, new DecisionContext(TaskScenario.START, "f".repeat(32), 0));
    builder.history = List.of();
    return builder.build();
  }

  private static void checkHistory(Task before, Task after) {
    assertThat(after.history()).hasSizeBetween(1, TaskMachine.MAX_HISTORY);
    Set<String> refusals = new HashSet<>();
    for (Transition entry : after.history()) {
      if (entry.by().startsWith("refused")) {
        assertThat(refusals.add(entry.attempt() + entry.by())).as(entry.by()).isTrue();
      } else {
        assertThat(entry.count()).isEqualTo(1);
      }
    }
    if (before.state() != after.state()) {
      Transition last = after.history().get(after.history().size() - 1);
      assertThat(last.from()).isEqualTo(before.state());
      assertThat(last.to()).isEqualTo(after.state());
    }
  }

  private void checkFailures(Task before, Command command, Task after) {
    assertThat(after.run().failures()).isBetween(0, policy.maxAttempts());
    boolean mayFail =
        command instanceof Command.Fail
            || command instanceof Command.LeaseLost
            || command instanceof Command.InstanceReplaced
            || command instanceof Command.TimedOut
            || (command instanceof Command.Unanswered unanswered && unanswered.failure());
    if (after.run().failures() > before.run().failures()) {
      assertThat(mayFail).as(command.label()).isTrue();
      assertThat(after.run().failures()).isEqualTo(before.run().failures() + 1);
    }
    if (after.run().failures() == policy.maxAttempts()) {
      assertThat(after.state()).isNotIn(TaskState.QUEUED, TaskState.PROCESSING);
    }
  }

  /**
   * Only a lost provisional lease counts; several in a row are a failure. A new run keeps the
   * count, and a report of a worker or a request of a person resets it.
   */
  private static void checkUnreportedGrants(Task before, Command command, Task after) {
    int counted = after.run().unreportedGrants();
    assertThat(counted).isBetween(0, TaskMachine.MAX_UNREPORTED_GRANTS - 1);
    Lease lease = before.run().lease();
    boolean lost =
        lease != null
            && lease.provisional()
            && before.run().cancelRequestedAt() == null
            && after.run().attempt() > before.run().attempt()
            && (command instanceof Command.LeaseLost
                || command instanceof Command.InstanceReplaced);
    if (counted > before.run().unreportedGrants()) {
      assertThat(lost).as(command.label()).isTrue();
      assertThat(counted).isEqualTo(before.run().unreportedGrants() + 1);
      assertThat(after.run().failures()).isEqualTo(before.run().failures());
    } else if (lost) {
      assertThat(counted).isZero();
      assertThat(after.run().failures()).isEqualTo(before.run().failures() + 1);
    } else if (counted < before.run().unreportedGrants()) {
      assertThat(counted).isZero();
      assertThat(command instanceof Command.Undelivered).isFalse();
    }
  }

  /** Only a claim creates a lease, and only reports of its holder extend it. */
  private void checkLease(Task before, Command command, Task after) {
    Lease lease = after.run().lease();
    assertThat(lease != null)
        .isEqualTo(
            after.state() == TaskState.PROCESSING
                && policy.ackMode() == Policy.AckMode.CLAIMS
                && !after.deleted());
    if (lease == null || lease.equals(before.run().lease())) {
      return;
    }
    if (before.run().lease() == null) {
      assertThat(command).isInstanceOf(Command.Claim.class);
      return;
    }
    assertThat(command)
        .isInstanceOfAny(Command.Started.class, Command.Progress.class, Command.Heartbeat.class);
    Command.FromWorker report = (Command.FromWorker) command;
    assertThat(lease.claimId())
        .isEqualTo(report.from().claimId())
        .isEqualTo(before.run().lease().claimId());
    assertThat(lease.instance()).isEqualTo(before.run().lease().instance());
    assertThat(lease.provisional()).isFalse();
    assertThat(before.isCurrentRun(report.run())).isTrue();
  }

  /** Every state that is not an end state has something that leads to the next transition. */
  private static void checkState(Task task) {
    boolean publishes = has(task, Effect.Publish.class);
    assertThat(task.run().finishedAt() != null).isEqualTo(task.state().isFinished());
    if (task.run().cancelRequestedAt() != null && !task.deleted()) {
      assertThat(task.run().lease()).isNotNull();
    }
    if (task.deleted()) {
      assertThat(publishes).isFalse();
      return;
    }
    switch (task.state()) {
      case CREATED, TASK_RESET -> assertThat(publishes).isEqualTo(!task.run().isManual());
      case QUEUED -> {
        assertThat(task.run().dispatchedAt()).isNotNull();
        assertThat(task.run().unansweredAfter()).isNotNull();
      }
      case PROCESSING -> {
        assertThat(publishes).isFalse();
        assertThat(task.run().lease() != null || task.run().unansweredAfter() != null).isTrue();
      }
      case NO_ROUTE_TO_QUEUE -> assertThat(task.run().dueAt()).isNull();
      case UNFINISHED_DEPENDENCY -> {
        assertThat(publishes).isEqualTo(task.waitAny());
        assertThat(task.waitAny() || task.dependsOn().stream().anyMatch(d -> !isSatisfied(task, d)))
            .isTrue();
      }
      default -> assertThat(publishes).isFalse();
    }
    if (task.waitAny()) {
      assertThat(task.state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    }
    if (task.run().isManual()) {
      assertThat(task.state()).isNotIn(TaskState.QUEUED, TaskState.NO_ROUTE_TO_QUEUE);
      assertThat(task.run().dispatchedAt()).isNull();
      assertThat(task.run().unansweredAfter()).isNull();
    }
    Lease lease = task.run().lease();
    assertThat(lease == null || (lease.until() == null) == task.run().isManual()).isTrue();
    if (has(task, Effect.Wake.class)) {
      assertThat(task.state().isFinished()).isTrue();
    }
  }

  private static boolean isSatisfied(Task task, Dependency dependency) {
    TaskState state = dependency.state();
    return state == TaskState.SUCCESS
        || (state != null && task.spec().onDependencyFailure() == OnDependencyFailure.RUN);
  }

  private static boolean has(Task task, Class<? extends Effect> kind) {
    return task.outbox().stream().anyMatch(pending -> kind.isInstance(pending.effect()));
  }

  private static void checkDeletion(Task before, Command command, Task after) {
    if (before.deleted()) {
      assertThat(after.deletedAt()).isEqualTo(before.deletedAt());
      assertThat(after.state()).isEqualTo(before.state());
      if (!(command instanceof Command.EffectsDone)) {
        assertThat(after.outbox()).isNotEmpty();
      }
    } else if (after.deleted()) {
      assertThat(command).isInstanceOfAny(Command.Delete.class, Command.Expire.class);
      assertThat(after.outbox()).isNotEmpty();
    }
    List<PendingEffect> sorted = new ArrayList<>(after.outbox());
    sorted.sort(Comparator.comparingInt(pending -> pending.effect().order()));
    assertThat(after.outbox()).isEqualTo(sorted);
    assertThat(after.outbox()).extracting(PendingEffect::id).doesNotHaveDuplicates();
  }
}
