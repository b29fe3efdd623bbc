package dev.docket.task;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What workers do. The run decides who may speak; the lease decides who may work. */
final class WorkerMoves {

  /** How long a task that was given back, or whose asker has gone, rests. */
  private static final Duration GIVE_BACK_PAUSE = Duration.ofSeconds(1);

  /** How long a task rests whose worker needs tasks but did not say which. */
  private static final Duration NEEDS_PAUSE = Duration.ofSeconds(60);

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
      return complete(task, complete, moment);
    }
    if (said instanceof Command.Fail fail) {
      return fail(task, fail, policy, moment);
    }
    Draft draft = new Draft(task, moment);
    if (said instanceof Command.GiveBack back) {
      giveBack(draft, by(said), back.message());
    } else if (said instanceof Command.CancelConfirmed) {
      if (task.cancelRequestedAt() != null) {
        draft.end(TaskState.CANCELLED, by(said), "stopped as asked");
      } else {
        giveBack(draft, by(said), "stopped without being asked to");
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

  private static Decision complete(Task task, Command.Complete complete, Moment moment) {
    Draft draft = new Draft(task, moment);
    RunResults before = task.results();
    int given = complete.results().size();
    int count = task.saved() + given;
    draft.progress = 100;
    draft.end(TaskState.SUCCESS, by(complete), complete.message());
    draft.results = new RunResults(task.attempt(), task.run(), count);
    draft.saved = 0;
    if (given > 0 || (before != null && before.count() > 0)) {
      draft.add(new Effect.StoreResults(draft.results, complete.results(), before));
    }
    return new Decision.Moved(draft.done());
  }

  /** Its number is taken before the result is written, so whoever closes the run finds them all. */
  static Decision saveResult(Task task, Command.SaveResult save, Policy policy, Moment moment) {
    if (policy.way() == Policy.Way.CLAIMS) {
      return TaskMachine.refused(
          task,
          Decision.Reason.ILLEGAL,
          "save_result: workers of key " + task.key() + " hand in their results with the end");
    }
    if (task.state() != TaskState.PROCESSING && !task.state().isClaimable()) {
      return TaskMachine.refused(
          task,
          Decision.Reason.STALE,
          save.word() + ": the task is " + TaskMachine.describe(task.state()));
    }
    if (task.saved() >= TaskMachine.MAX_SAVED) {
      return TaskMachine.refused(
          task,
          Decision.Reason.ILLEGAL,
          "save_result: a run has at most " + TaskMachine.MAX_SAVED + " results");
    }
    Draft draft = new Draft(task, moment);
    draft.saved++;
    return new Decision.Moved(draft.done());
  }

  private static Decision fail(Task task, Command.Fail fail, Policy policy, Moment moment) {
    Draft draft = new Draft(task, moment);
    if (task.cancelRequestedAt() != null) {
      draft.end(TaskState.CANCELLED, by(fail), fail.message());
    } else if (fail.state() == TaskState.UNFINISHED_DEPENDENCY) {
      draft.newRun();
      DependencyMoves.forgetUnmet(draft, task.spec().onDependencyFailure());
      DependencyMoves.waitFor(draft, fail.needed());
      draft.move(TaskState.UNFINISHED_DEPENDENCY, by(fail), fail.message());
      if (fail.needed().isEmpty()) {
        draft.waitAny = true;
        draft.dueAt = moment.now().plus(NEEDS_PAUSE);
        draft.dispatch();
      } else {
        // A worker that asks for what is there already comes round in steps, not in a hot loop.
        draft.dueAt = moment.now().plus(hadAll(task, fail) ? NEEDS_PAUSE : GIVE_BACK_PAUSE);
      }
    } else {
      boolean again = fail.state().isRetried();
      failed(draft, task, policy, moment, again, fail.state(), by(fail), fail.message());
    }
    return new Decision.Moved(draft.done());
  }

  /** Whether it asks again for nothing but what it has waited for already. */
  private static boolean hadAll(Task task, Command.Fail fail) {
    return fail.needed().stream()
        .allMatch(
            need ->
                task.dependsOn().stream()
                    .anyMatch(d -> d.id().equals(need.id()) && d.state() == TaskState.SUCCESS));
  }

  /**
   * A failed run.
   *
   * @param again whether another is tried after a pause, while there are attempts left
   * @param end how the task ends otherwise
   */
  static void failed(
      Draft draft,
      Task task,
      Policy policy,
      Moment moment,
      boolean again,
      TaskState end,
      String by,
      @Nullable String why) {
    draft.failures++;
    int allowed = policy.maxAttempts(task);
    if (!again || draft.failures >= allowed) {
      draft.end(end, by, why);
      return;
    }
    String failure = end.number() + (why == null || why.isEmpty() ? "" : ": " + why);
    draft.newRun();
    draft.dueAt = moment.now().plus(policy.pause(task, draft.failures, moment.jitter()));
    draft.move(
        TaskState.CREATED,
        by,
        failure
            + " (failure "
            + draft.failures
            + " of "
            + allowed
            + ", again at "
            + draft.dueAt
            + ")");
    draft.dispatch();
  }

  /** Back into the queue, not counted as a failure; a task that is to be cancelled ends. */
  static void giveBack(Draft draft, String by, @Nullable String why) {
    if (draft.cancelRequestedAt != null) {
      draft.end(TaskState.CANCELLED, by, why);
      return;
    }
    draft.newRun();
    draft.dueAt = draft.now().plus(GIVE_BACK_PAUSE);
    draft.move(TaskState.CREATED, by, why);
    draft.dispatch();
  }

  /** Whether the run has ended so already, and the answer to that got lost. */
  private static boolean repeated(Task task, Command.OfRun said) {
    if (said instanceof Command.Complete) {
      return task.state() == TaskState.SUCCESS;
    }
    if (said instanceof Command.Fail fail) {
      return task.state() == fail.state();
    }
    return said instanceof Command.CancelConfirmed && task.state() == TaskState.CANCELLED;
  }

  private static Decision stale(Task task, Command.OfRun said, Moment moment) {
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

  private static String by(Command.OfRun said) {
    return said.word() + " " + said.worker();
  }
}
