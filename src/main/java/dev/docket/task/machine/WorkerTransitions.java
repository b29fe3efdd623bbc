package dev.docket.task.machine;

import dev.docket.task.Lease;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import dev.docket.task.Transition;
import java.time.Duration;

/** What workers do. The run decides who may speak; the lease decides who may work. */
final class WorkerTransitions {

  private WorkerTransitions() {}

  static Decision apply(Task task, Command.OfRun said, Policy policy, DecisionContext context) {
    if (!task.isRun(said.attempt(), said.run())) {
      return stale(task, said, context);
    }
    if (said instanceof Command.Claim claim) {
      return claim(task, claim, policy, context);
    }
    if (task.state().isFinished()) {
      return repeated(task, said)
          ? new Decision.Unchanged(task)
          : late(
              task, said, "the task has ended with " + TaskMachine.describe(task.state()), context);
    }
    if (policy.ackMode() == Policy.AckMode.CLAIMS) {
      Lease lease = task.lease();
      if (lease == null) {
        return TaskMachine.refused(
            task, Decision.Reason.ILLEGAL, said.label() + ": the task has not been claimed");
      }
      if (!lease.claimId().equals(said.claimId())) {
        return TaskMachine.refused(task, Decision.Reason.HELD, heldBy(lease));
      }
    } else if (task.state() != TaskState.PROCESSING && !task.state().isClaimable()) {
      return TaskMachine.illegal(task, said);
    }
    return ofCurrentRun(task, said, policy, context);
  }

  private static Decision ofCurrentRun(
      Task task, Command.OfRun said, Policy policy, DecisionContext context) {
    if (said instanceof Command.Complete complete) {
      return RunEndTransitions.complete(task, complete, context);
    }
    if (said instanceof Command.Fail fail) {
      return RunEndTransitions.fail(task, fail, policy, context);
    }
    TaskBuilder builder = new TaskBuilder(task, context);
    if (said instanceof Command.GiveBack back) {
      RunEndTransitions.giveBack(builder, by(said), back.message());
    } else if (said instanceof Command.CancelConfirmed) {
      if (task.cancelRequestedAt() != null) {
        builder.end(TaskState.CANCELLED, by(said), "stopped as asked");
      } else {
        RunEndTransitions.giveBack(builder, by(said), "stopped without being asked to");
      }
    } else {
      return alive(task, builder, said, policy);
    }
    return new Decision.Moved(builder.done());
  }

  private static Decision claim(
      Task task, Command.Claim claim, Policy policy, DecisionContext context) {
    Lease held = task.lease();
    if (held != null) {
      return held.claimId().equals(claim.claimId())
          ? new Decision.Unchanged(task)
          : TaskMachine.refused(task, Decision.Reason.HELD, heldBy(held));
    }
    if (policy.ackMode() != Policy.AckMode.CLAIMS) {
      return TaskMachine.refused(
          task,
          Decision.Reason.ILLEGAL,
          "claim: tasks of key " + task.key() + " go to workers that do not claim");
    }
    if (!task.state().isClaimable()) {
      return TaskMachine.illegal(task, claim);
    }
    TaskBuilder builder = new TaskBuilder(task, context);
    int seconds = policy.leaseSeconds(task);
    builder.lease =
        new Lease(
            claim.worker(),
            claim.claimId(),
            seconds,
            context.now().plusSeconds(seconds),
            claim.provisional());
    begin(builder, by(claim), policy);
    return new Decision.Moved(builder.done());
  }

  /** 102: its message has arrived, so it need not be published any more. */
  private static void begin(TaskBuilder builder, String by, Policy policy) {
    builder.dropEffects(Effect.Publish.class::isInstance);
    builder.dueAt = null;
    if (builder.queuedAt == null) {
      builder.queuedAt = builder.dispatchedAt != null ? builder.dispatchedAt : builder.now();
    }
    builder.startedAt = builder.now();
    builder.unansweredAfter =
        builder.lease != null ? null : builder.queuedAt.plus(policy.unansweredAfter());
    builder.queuedMs = Math.max(0, Duration.between(builder.queuedAt, builder.now()).toMillis());
    builder.move(TaskState.PROCESSING, by, null);
  }

  /** Started, progress, heartbeat. */
  private static Decision alive(Task task, TaskBuilder builder, Command.OfRun said, Policy policy) {
    boolean begins = task.state() != TaskState.PROCESSING;
    if (begins) {
      begin(builder, by(said), policy);
    }
    if (builder.lease != null) {
      builder.lease = builder.lease.extended(builder.now());
    }
    if (said instanceof Command.Progress progress) {
      if (progress.progress() != null) {
        builder.progress = progress.progress();
      }
      if (progress.stage() != null) {
        builder.stage = progress.stage();
      }
      if (progress.message() != null) {
        builder.message = progress.message();
      }
    } else if (builder.lease == null && !begins) {
      return new Decision.Unchanged(task);
    }
    return new Decision.Moved(builder.done());
  }

  /** Whether this worker's word has ended the task, whatever came of it. */
  private static boolean endedIt(Task task, Command.OfRun said) {
    for (int i = task.history().size() - 1; i >= 0; i--) {
      Transition transition = task.history().get(i);
      if (transition.from() != transition.to()) {
        return transition.attempt() == said.attempt() && transition.by().equals(by(said));
      }
    }
    return false;
  }

  /** Whether the run has ended so already, and the answer to that got lost. */
  private static boolean repeated(Task task, Command.OfRun said) {
    if (endedIt(task, said)) {
      return true;
    }
    if (said instanceof Command.Complete) {
      return task.state() == TaskState.SUCCESS;
    }
    if (said instanceof Command.Fail fail) {
      return task.state() == fail.state();
    }
    return said instanceof Command.CancelConfirmed && task.state() == TaskState.CANCELLED;
  }

  /**
   * Whether this very word of this very worker has closed its run, and the answer to that got lost.
   * The first line of an attempt says what made it; it may have left the history by now.
   */
  private static boolean closedItsRun(Task task, Command.OfRun said) {
    return task.history().stream()
        .filter(
            transition ->
                transition.attempt() == said.attempt() + 1
                    && !transition.by().startsWith("refused"))
        .findFirst()
        .filter(transition -> transition.by().equals(by(said)))
        .isPresent();
  }

  private static Decision stale(Task task, Command.OfRun said, DecisionContext context) {
    if (closedItsRun(task, said)) {
      return new Decision.Unchanged(task);
    }
    String why =
        "this is attempt "
            + said.attempt()
            + (said.attempt() == task.attempt() ? " of another run" : "")
            + ", the current one is "
            + task.attempt();
    return late(task, said, why, context);
  }

  /** Refused. Signs of life are not counted: a counter that they could move would be no silence. */
  private static Decision late(Task task, Command.OfRun said, String why, DecisionContext context) {
    boolean counts =
        !(said instanceof Command.Heartbeat
            || said instanceof Command.Progress
            || said instanceof Command.Started);
    Task counted = null;
    if (counts) {
      TaskBuilder builder = new TaskBuilder(task, context);
      builder.countRefusal(said.attempt(), "refused " + said.label(), why);
      counted = builder.done();
    }
    return new Decision.Refused(task, Decision.Reason.STALE, why, counted);
  }

  private static String heldBy(Lease lease) {
    return "the task is held by worker " + lease.worker();
  }

  static String by(Command.OfRun said) {
    return said.label() + " " + said.worker();
  }
}
