package dev.docket.task.machine;

import dev.docket.task.Lease;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Duration;

/**
 * Transitions caused by workers. A report must be about the current run; under protocols with
 * claims it must also name the claim that holds the lease.
 */
final class WorkerTransitions {

  private WorkerTransitions() {}

  static Decision apply(
      Task task, Command.FromWorker command, Policy policy, DecisionContext context) {
    if (!task.isCurrentRun(command.run())) {
      return refuseOldRun(task, command, context);
    }
    if (command instanceof Command.Claim claim) {
      return claim(task, claim, policy, context);
    }
    if (task.state().isFinished()) {
      return isRepeatedEnd(task, command)
          ? new Decision.Unchanged(task)
          : refuseStale(
              task,
              command,
              "the task has already ended with " + TaskMachine.describe(task.state()),
              context);
    }
    if (policy.ackMode() == Policy.AckMode.CLAIMS) {
      Lease lease = task.run().lease();
      if (lease == null) {
        return TaskMachine.refused(
            task,
            Decision.Reason.ILLEGAL,
            command.label() + " is not allowed: the task is not claimed");
      }
      if (!lease.claimId().equals(command.from().claimId())) {
        return TaskMachine.refused(task, Decision.Reason.HELD, describeHolder(lease));
      }
    } else if (task.state() != TaskState.PROCESSING && !task.state().isClaimable()) {
      return TaskMachine.illegal(task, command);
    }
    return ofCurrentRun(task, command, policy, context);
  }

  private static Decision ofCurrentRun(
      Task task, Command.FromWorker command, Policy policy, DecisionContext context) {
    if (command instanceof Command.Complete complete) {
      return RunEndTransitions.complete(task, complete, policy, context);
    }
    if (command instanceof Command.Fail fail) {
      return RunEndTransitions.fail(task, fail, policy, context);
    }
    if (command instanceof Command.Undelivered) {
      return LeaseTransitions.undelivered(task, by(command), context);
    }
    TaskBuilder builder = new TaskBuilder(task, context);
    builder.run.unreportedGrants = 0;
    if (command instanceof Command.GiveBack back) {
      RunEndTransitions.giveBack(builder, by(command), back.message());
    } else if (command instanceof Command.CancelConfirmed confirmed) {
      if (task.run().cancelRequestedAt() != null) {
        builder.setTimes(RunTimes.of(task, confirmed.timing(), context.now()));
        builder.end(TaskState.CANCELLED, by(command), "stopped on request");
      } else {
        RunEndTransitions.giveBack(builder, by(command), "stopped without a cancel request");
      }
    } else {
      return signOfLife(task, builder, command, policy);
    }
    return new Decision.Changed(builder.build());
  }

  private static Decision claim(
      Task task, Command.Claim claim, Policy policy, DecisionContext context) {
    Lease lease = task.run().lease();
    if (lease != null) {
      return lease.claimId().equals(claim.claimId())
          ? new Decision.Unchanged(task)
          : TaskMachine.refused(task, Decision.Reason.HELD, describeHolder(lease));
    }
    if (policy.ackMode() != Policy.AckMode.CLAIMS) {
      return TaskMachine.refused(
          task,
          Decision.Reason.ILLEGAL,
          "claim is not allowed: workers of key " + task.key() + " do not claim tasks");
    }
    if (!task.state().isClaimable()) {
      return TaskMachine.illegal(task, claim);
    }
    if (!context.limits().permit(task.run().admission())) {
      return refuseLimited(task, claim, context);
    }
    TaskBuilder builder = new TaskBuilder(task, context);
    builder.refreshDocument();
    int seconds = policy.leaseSeconds(task);
    Reporter claimant = task.run().isManual() ? claim.from().asPerson() : claim.from();
    builder.run.lease =
        task.run().isManual()
            ? Lease.unlimited(claimant.worker(), claim.claimId())
            : new Lease(
                claimant.worker(),
                claim.claimId(),
                seconds,
                context.now().plusSeconds(seconds),
                claim.provisional(),
                claim.provisional() ? claim.firstReportSeconds() : null,
                claim.instance());
    if (!claim.provisional()) {
      builder.run.unreportedGrants = 0;
    }
    startProcessing(builder, claim.label() + " " + claimant.worker(), policy);
    return new Decision.Changed(builder.build());
  }

  /** The worker drops the message; the run is published again when it is admitted. */
  private static Decision refuseLimited(Task task, Command.Claim claim, DecisionContext context) {
    Task updated = null;
    if (task.run().limitedSince() == null) {
      TaskBuilder builder = new TaskBuilder(task, context);
      builder.waitForAdmission("refused " + by(claim));
      updated = builder.build();
    }
    return new Decision.Refused(task, Decision.Reason.LIMITED, context.limits().reason(), updated);
  }

  /** Enters state 102. The worker has the message, so it need not be published. */
  private static void startProcessing(TaskBuilder builder, String by, Policy policy) {
    builder.dropEffects(Effect.Publish.class::isInstance);
    builder.run.dueAt = null;
    builder.run.limitedSince = null;
    if (builder.run.queuedAt == null) {
      builder.run.queuedAt =
          builder.run.dispatchedAt != null ? builder.run.dispatchedAt : builder.now();
    }
    builder.run.startedAt = builder.now();
    builder.run.unansweredAfter =
        builder.run.lease != null ? null : builder.run.queuedAt.plus(policy.unansweredAfter());
    builder.run.queuedMs =
        Math.max(0, Duration.between(builder.run.queuedAt, builder.now()).toMillis());
    builder.transitionTo(TaskState.PROCESSING, by, null);
  }

  /** Handles started, progress and heartbeat. */
  private static Decision signOfLife(
      Task task, TaskBuilder builder, Command.FromWorker command, Policy policy) {
    boolean starting = task.state() != TaskState.PROCESSING;
    if (starting) {
      startProcessing(builder, by(command), policy);
    }
    if (builder.run.lease != null) {
      builder.run.lease = builder.run.lease.extended(builder.now());
    }
    if (command instanceof Command.Progress progress) {
      if (progress.progress() != null) {
        builder.run.progress = progress.progress();
      }
      if (progress.stage() != null) {
        builder.run.stage = progress.stage();
      }
      if (progress.message() != null) {
        builder.message = progress.message();
      }
    } else if (command instanceof Command.Started started && builder.run.lease != null) {
      setStart(task, builder, started);
    } else if (builder.run.lease == null && !starting) {
      return new Decision.Unchanged(task);
    }
    return new Decision.Changed(builder.build());
  }

  /**
   * A lease begins with the claim; the handler may have had to wait for a free slot after it. The
   * first report counts, because the timeout begins again with it.
   */
  private static void setStart(Task task, TaskBuilder builder, Command.Started started) {
    if (RunTimes.startReported(task)) {
      return;
    }
    Long waitedMs = started.waitedMs();
    RunTiming timing = waitedMs == null ? new RunTiming(null, 0L) : new RunTiming(waitedMs, null);
    builder.setTimes(RunTimes.of(task, timing, builder.now()));
    builder.run.runMs = null;
  }

  /** Whether the last transition was made by the same command of the same worker and attempt. */
  private static boolean endedTask(Task task, Command.FromWorker command) {
    return task.history().stream()
        .filter(transition -> transition.from() != transition.to())
        .reduce((earlier, later) -> later)
        .filter(last -> last.attempt() == command.run().attempt() && last.by().equals(by(command)))
        .isPresent();
  }

  /** Whether the report repeats the one that ended the run, whose response was lost. */
  private static boolean isRepeatedEnd(Task task, Command.FromWorker command) {
    if (endedTask(task, command)) {
      return true;
    }
    if (command instanceof Command.Complete) {
      return task.state() == TaskState.SUCCESS;
    }
    if (command instanceof Command.Fail fail) {
      return task.state() == fail.state();
    }
    return command instanceof Command.CancelConfirmed && task.state() == TaskState.CANCELLED;
  }

  /**
   * Whether the report repeats the one that closed its run, whose response was lost. The first
   * history entry of an attempt names the command that created it; the entry may have been trimmed.
   */
  private static boolean closedRun(Task task, Command.FromWorker command) {
    return task.history().stream()
        .filter(
            transition ->
                transition.attempt() == command.run().attempt() + 1
                    && !transition.by().startsWith("refused"))
        .findFirst()
        .filter(transition -> transition.by().equals(by(command)))
        .isPresent();
  }

  private static Decision refuseOldRun(
      Task task, Command.FromWorker command, DecisionContext context) {
    if (closedRun(task, command)) {
      return new Decision.Unchanged(task);
    }
    String detail =
        command.run().attempt() == task.run().attempt()
            ? "the run token is not that of the current attempt " + task.run().attempt()
            : "attempt "
                + command.run().attempt()
                + " is not current; the current attempt is "
                + task.run().attempt();
    return refuseStale(task, command, detail, context);
  }

  /**
   * Refuses a stale report. Heartbeats, progress and started are not counted: counting would write
   * the record, and the lease sweep would take that for a sign of life.
   */
  private static Decision refuseStale(
      Task task, Command.FromWorker command, String detail, DecisionContext context) {
    boolean isCounted =
        !(command instanceof Command.Heartbeat
            || command instanceof Command.Progress
            || command instanceof Command.Started);
    Task updated = null;
    if (isCounted) {
      TaskBuilder builder = new TaskBuilder(task, context);
      builder.countRefusal(command.run().attempt(), "refused " + command.label(), detail);
      updated = builder.build();
    }
    return new Decision.Refused(task, Decision.Reason.STALE, detail, updated);
  }

  private static String describeHolder(Lease lease) {
    return "worker " + lease.worker() + " holds the lease of the task";
  }

  static String by(Command.FromWorker command) {
    return command.label() + " " + command.from().worker();
  }
}
