package dev.docket.task.machine;

import dev.docket.task.Admission;
import dev.docket.task.ResultDraft;
import dev.docket.task.ResultId;
import dev.docket.task.RunRef;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.task.WorkerInstance;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A command on an existing task. ({@link TaskMachine#create} creates a task.)
 *
 * <p>There are four kinds: confirms and returns from the broker, reports from workers (always about
 * a run), commands that are based on an observed version of the record (never batched with others,
 * dropped if the record has changed since), and requests from people and other tasks.
 */
public sealed interface Command {

  /** The name of the command in histories, logs and refusals. */
  default String label() {
    return CommandLabel.of(getClass());
  }

  /** The principal whose request gives the command; null for sweeps and replies of the broker. */
  default @Nullable String principal() {
    return null;
  }

  /** The broker's outcome for the message of a run. A stale one is ignored, not refused. */
  sealed interface FromBroker extends Command {
    RunRef run();
  }

  /** The broker confirmed the message. */
  record Confirm(RunRef run) implements FromBroker {}

  /** The broker returned the message: no queue is bound for it. */
  record Unroutable(RunRef run) implements FromBroker {}

  /** A report from a worker. It is refused and counted if its run is not the current one. */
  sealed interface FromWorker extends Command {
    Reporter from();

    default RunRef run() {
      return from().run();
    }

    @Override
    default @Nullable String principal() {
      return from().principal();
    }
  }

  /**
   * Requests the lease of a run.
   *
   * @param from with a claim id
   * @param instance the worker's process; null if it did not name it
   * @param provisional claimed by the server for a poll, before the worker has the task
   * @param firstReportSeconds how long a provisional lease waits for the first report; null for the
   *     default
   */
  record Claim(
      Reporter from,
      @Nullable WorkerInstance instance,
      boolean provisional,
      @Nullable Integer firstReportSeconds)
      implements FromWorker {

    public Claim {
      Objects.requireNonNull(from.claimId(), "claim_id");
    }

    /** A claim by the worker itself. */
    public static Claim byWorker(Reporter from, @Nullable WorkerInstance instance) {
      return new Claim(from, instance, false, null);
    }

    /** A claim by the server, for a worker that polls. */
    public static Claim forPoll(
        Reporter from, @Nullable WorkerInstance instance, @Nullable Integer firstReportSeconds) {
      return new Claim(from, instance, true, firstReportSeconds);
    }

    public String claimId() {
      return Objects.requireNonNull(from.claimId());
    }
  }

  /**
   * The worker started the run.
   *
   * @param waitedMs milliseconds from the claim until the start, as measured by the worker; null if
   *     it starts now
   */
  record Started(Reporter from, @Nullable Long waitedMs) implements FromWorker {}

  /** Progress of the run; each of its values may be absent. */
  record Progress(
      Reporter from, @Nullable Integer progress, @Nullable String stage, @Nullable String message)
      implements FromWorker {}

  /** Extends the lease. */
  record Heartbeat(Reporter from) implements FromWorker {}

  /** A report that ends a run whose worker may have measured it. */
  sealed interface EndsRun extends FromWorker {
    RunTiming timing();
  }

  /**
   * The run succeeded.
   *
   * @param digest a digest of the reply, if the worker has no claim but submits results
   */
  record Complete(Reporter from, RunEnd end, List<ResultDraft> results, @Nullable String digest)
      implements EndsRun {
    public Complete {
      results = List.copyOf(results);
    }

    /** Identifies the submission of the results; the first one that ends the run wins. */
    public @Nullable String submission() {
      return from.claimId() != null ? from.claimId() : digest;
    }

    /** A copy with other drafts of the same results. */
    public Complete with(List<ResultDraft> drafts) {
      return new Complete(from, end, drafts, digest);
    }

    @Override
    public RunTiming timing() {
      return end.timing();
    }
  }

  /**
   * The run failed.
   *
   * @param state one that {@linkplain TaskState#isWorkerFailure() a worker may report}, or 412
   * @param needed for 412, the tasks that must succeed first; empty for any unfinished task of the
   *     document
   * @param retryable whether the task is run again while there are attempts left
   */
  record Fail(
      Reporter from, TaskState state, RunEnd end, List<Effect.NeededTask> needed, boolean retryable)
      implements EndsRun {
    public Fail {
      needed = List.copyOf(needed);
      if (!state.isWorkerFailure() && state != TaskState.UNFINISHED_DEPENDENCY) {
        throw new IllegalArgumentException(
            "state must be a failure that a worker can report (was " + state.number() + ")");
      }
    }

    /** A failure that is retried if its state is. */
    public static Fail of(
        Reporter from, TaskState state, RunEnd end, List<Effect.NeededTask> needed) {
      return new Fail(from, state, end, needed, state.isRetryable());
    }

    @Override
    public RunTiming timing() {
      return end.timing();
    }
  }

  /** The worker gives the run back without a failure. */
  record GiveBack(Reporter from, @Nullable String message) implements FromWorker {}

  /** The worker disconnected before it received the run that a poll granted. Not its own report. */
  record Undelivered(Reporter from) implements FromWorker {}

  /** The worker stopped the run on request. */
  record CancelConfirmed(Reporter from, RunTiming timing) implements EndsRun {}

  /**
   * A new process of a worker says that this one has ended. Closes the run if it holds the lease.
   */
  record InstanceReplaced(WorkerInstance former) implements Command {
    @Override
    public String principal() {
      return former.principal();
    }
  }

  /** A worker that does not claim is about to save a result of this run. */
  record SaveResult(RunRef run, ResultId result) implements Command {}

  /** Deletes saved results: their worker took them back, or a save was noted and then failed. */
  record RemoveResults(List<ResultId> results) implements Command {
    public RemoveResults {
      results = List.copyOf(results);
    }
  }

  /** Deletes the results of these runs, except those of the latest run that left any. */
  record TrimResults(Set<Integer> attempts) implements Command {
    public TrimResults {
      attempts = Set.copyOf(attempts);
    }
  }

  /** A command that is based on an observed version of the record and valid only for it. */
  sealed interface Observed extends Command {}

  /** The task is due: publish its message now. */
  record Publish() implements Observed {}

  /** Hands a run out that waited because of the limits of its key. */
  record Admit(Admission admission) implements Observed {}

  /**
   * Only changes the version of the record, so that a decision on the version before it cannot be
   * written any more.
   */
  record Fence() implements Observed {}

  /** The worker has sent no report for too long. */
  record LeaseLost() implements Observed {}

  /** The run exceeded its timeout. */
  record TimedOut() implements Observed {}

  /**
   * No worker has claimed the run or replied by {@code unanswered_after}.
   *
   * @param failure whether this counts as a failed run
   */
  record Unanswered(boolean failure) implements Observed {}

  /** The broker lost the message, or has a queue for it now: publish the same run again. */
  record Redispatch() implements Observed {}

  /** Reserves the overdue effects for the caller by postponing their due time. */
  record TakeOverdue(Instant until) implements Observed {}

  /** A request over HTTP that names its principal. */
  sealed interface FromPrincipal extends Command {
    String by();

    @Override
    default @Nullable String principal() {
      return by();
    }
  }

  /** Resets the task as one of all tasks of its key in one state. */
  record MassReset(String by) implements Observed, FromPrincipal {}

  /** The store permanently rejects the task's new record; the task ends with this reason. */
  record Unstorable(String reason) implements Command {}

  /** Runs the task again if it has failed. */
  record Retry(String by) implements FromPrincipal {}

  /**
   * Runs the task again at once, ignoring its dependencies and its delay, unless it is queued,
   * running, about to be published or successful.
   */
  record RetryNow(String by) implements FromPrincipal {}

  /** Runs the task again from any state, ignoring its dependencies. */
  record ForceRetry(String by) implements FromPrincipal {}

  /** Resets the task, from any state. */
  record Reset(String by) implements FromPrincipal {}

  /** Cancels the task. */
  record Cancel(String by) implements FromPrincipal {}

  /** Deletes the task and its results because it ended long ago. */
  record Expire() implements Observed {}

  /**
   * Deletes the task and its results.
   *
   * @param by the principal, or what else the history names
   */
  record Delete(String by, @Nullable String principal) implements FromPrincipal {

    /** A deletion by a principal. */
    public Delete(String principal) {
      this(principal, principal);
    }
  }

  /** A dependency succeeded. */
  record DependencyDone(TaskId dependency, TaskKey key, int attempt) implements Command {}

  /**
   * The attempt of a dependency that does not exist. If it is created again later, its attempts
   * start with 1.
   */
  int GONE_ATTEMPT = 0;

  /**
   * A dependency failed for good, or does not exist.
   *
   * @param attempt the attempt that failed, or {@link #GONE_ATTEMPT}
   */
  record DependencyFailed(TaskId dependency, TaskKey key, int attempt, TaskState state)
      implements Command {}

  /**
   * The task is part of a dependency cycle.
   *
   * @param through the dependency that leads back to the task
   * @param path the tasks of the cycle, for people
   */
  record InCycle(TaskId through, String path) implements Command {}

  /** Registers a task that waits for this one. */
  record AddDependent(TaskId dependent) implements Command {}

  /** Removes performed effects from the outbox. */
  record EffectsDone(Set<String> ids) implements Command {
    public EffectsDone {
      ids = Set.copyOf(ids);
    }
  }
}
