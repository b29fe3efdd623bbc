package dev.docket.task.machine;

import dev.docket.task.Lease;
import dev.docket.task.Move;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Duration;

/** What workers do. The run decides who may speak; the lease decides who may work. */
final class WorkerMoves {

  private WorkerMoves() {}

  static Decision apply(Task task, Command.OfRun said, Policy policy, Moment moment) {
    if (!task.isRun(said.attempt(), said.run())) {
      return stale(task, said, moment);
    }
    if (said instanceof Command.Claim claim) {
      return claim(task, claim, policy, moment);
    }
    if (task.state().isFinished()) {
      return repeated(task, said)
          ? new Decision.Unchanged(task)
          : late(
              task, said, "the task has ended with " + TaskMachine.describe(task.state()), moment);
    }
    if (policy.way() == Policy.Way.CLAIMS) {
      Lease lease = task.lease();
      if (lease == null) {
        return TaskMachine.refused(
            task, Decision.Reason.ILLEGAL, said.word() + ": the task has not been claimed");
      }
      if (!lease.claimId().equals(said.claimId())) {
        return TaskMachine.refused(task, Decision.Reason.HELD, heldBy(lease));
      }
    } else if (task.state() != TaskState.PROCESSING && !task.state().isClaimable()) {
      return TaskMachine.illegal(task, said);
    }
    return ofCurrentRun(task, said, policy, moment);
  }

  private static Decision ofCurrentRun(
      Task task, Command.OfRun said, Policy policy, Moment moment) {
    if (said instanceof Command.Complete complete) {
      return RunEndMoves.complete(task, complete, moment);
    }
    if (said instanceof Command.Fail fail) {
      return RunEndMoves.fail(task, fail, policy, moment);
    }
    Draft draft = new Draft(task, moment);
    if (said instanceof Command.GiveBack back) {
      RunEndMoves.giveBack(draft, by(said), back.message());
    } else if (said instanceof Command.CancelConfirmed) {
      if (task.cancelRequestedAt() != null) {
        draft.end(TaskState.CANCELLED, by(said), "stopped as asked");
      } else {
        RunEndMoves.giveBack(draft, by(said), "stopped without being asked to");
      }
    } else {
      return alive(task, draft, said, policy);
    }
    return new Decision.Moved(draft.done());
  }

  private static Decision claim(Task task, Command.Claim claim, Policy policy, Moment moment) {
    Lease held = task.lease();
    if (held != null) {
      return held.claimId().equals(claim.claimId())
          ? new Decision.Unchanged(task)
          : TaskMachine.refused(task, Decision.Reason.HELD, heldBy(held));
    }
    if (policy.way() != Policy.Way.CLAIMS) {
      return TaskMachine.refused(
          task,
          Decision.Reason.ILLEGAL,
          "claim: tasks of key " + task.key() + " go to workers that do not claim");
    }
    if (!task.state().isClaimable()) {
      return TaskMachine.illegal(task, claim);
    }
    Draft draft = new Draft(task, moment);
    int seconds = policy.leaseSeconds(task);
    draft.lease =
        new Lease(
            claim.worker(),
            claim.claimId(),
            seconds,
            moment.now().plusSeconds(seconds),
            claim.provisional());
    begin(draft, by(claim), policy);
    return new Decision.Moved(draft.done());
  }

  /** 102: its message has arrived, so it need not be published any more. */
  private static void begin(Draft draft, String by, Policy policy) {
    draft.dropEffects(Effect.Publish.class::isInstance);
    draft.dueAt = null;
    if (draft.queuedAt == null) {
      draft.queuedAt = draft.dispatchedAt != null ? draft.dispatchedAt : draft.now();
    }
    draft.startedAt = draft.now();
    draft.unansweredAfter =
        draft.lease != null ? null : draft.queuedAt.plus(policy.unansweredAfter());
    draft.queuedMs = Math.max(0, Duration.between(draft.queuedAt, draft.now()).toMillis());
    draft.move(TaskState.PROCESSING, by, null);
  }

  /** Started, progress, heartbeat. */
  private static Decision alive(Task task, Draft draft, Command.OfRun said, Policy policy) {
    boolean begins = task.state() != TaskState.PROCESSING;
    if (begins) {
      begin(draft, by(said), policy);
    }
    if (draft.lease != null) {
      draft.lease = draft.lease.extended(draft.now());
    }
    if (said instanceof Command.Progress progress) {
      if (progress.progress() != null) {
        draft.progress = progress.progress();
      }
      if (progress.stage() != null) {
        draft.stage = progress.stage();
      }
      if (progress.message() != null) {
        draft.message = progress.message();
      }
    } else if (draft.lease == null && !begins) {
      return new Decision.Unchanged(task);
    }
    return new Decision.Moved(draft.done());
  }

  /** Whether this worker's word has ended the task, whatever came of it. */
  private static boolean endedIt(Task task, Command.OfRun said) {
    for (int i = task.history().size() - 1; i >= 0; i--) {
      Move move = task.history().get(i);
      if (move.from() != move.to()) {
        return move.attempt() == said.attempt() && move.by().equals(by(said));
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
        .filter(move -> move.attempt() == said.attempt() + 1 && !move.by().startsWith("refused"))
        .findFirst()
        .filter(move -> move.by().equals(by(said)))
        .isPresent();
  }

  private static Decision stale(Task task, Command.OfRun said, Moment moment) {
    if (closedItsRun(task, said)) {
      return new Decision.Unchanged(task);
    }
    String why =
        "this is attempt "
            + said.attempt()
            + (said.attempt() == task.attempt() ? " of another run" : "")
            + ", the current one is "
            + task.attempt();
    return late(task, said, why, moment);
  }

  /** Refused. Signs of life are not counted: a counter that they could move would be no silence. */
  private static Decision late(Task task, Command.OfRun said, String why, Moment moment) {
    boolean counts =
        !(said instanceof Command.Heartbeat
            || said instanceof Command.Progress
            || said instanceof Command.Started);
    Task counted = null;
    if (counts) {
      Draft draft = new Draft(task, moment);
      draft.countRefusal(said.attempt(), "refused " + said.word(), why);
      counted = draft.done();
    }
    return new Decision.Refused(task, Decision.Reason.STALE, why, counted);
  }

  private static String heldBy(Lease lease) {
    return "the task is held by worker " + lease.worker();
  }

  static String by(Command.OfRun said) {
    return said.word() + " " + said.worker();
  }
}
