package dev.docket.task.machine;

import dev.docket.task.ResultDraft;
import dev.docket.task.ResultId;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.task.WorkerInstance;
import java.time.Instant;
import java.util.List;
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
  String label();

  /** The broker's outcome for the message of a run. A stale one is ignored, not refused. */
  sealed interface FromBroker extends Command {
    int attempt();

    String run();
  }

  /** The broker confirmed the message. */
  record Confirm(int attempt, String run) implements FromBroker {
    @Override
    public String label() {
      return "confirm";
    }
  }

  /** The broker returned the message: no queue is bound for it. */
  record Unroutable(int attempt, String run) implements FromBroker {
    @Override
    public String label() {
      return "unroutable";
    }
  }

  /** A report from a worker. It is refused and counted if its run is not the current one. */
  sealed interface FromWorker extends Command {
    int attempt();

    String run();

    /** The claim that the report belongs to; null for workers that do not claim. */
    @Nullable String claimId();

    /** The worker's name. */
    String worker();
  }

  /**
   * Requests the lease of a run.
   *
   * @param provisional claimed by the server for a poll, before the worker has the task
   * @param firstReportSeconds how long a provisional lease waits for the first report; null for the
   *     default
   * @param instance the worker's process; null if it did not name it
   */
  record Claim(
      int attempt,
      String run,
      String claimId,
      String worker,
      boolean provisional,
      @Nullable Integer firstReportSeconds,
      @Nullable WorkerInstance instance)
      implements FromWorker {

    /** By a worker that named neither its process nor a time for its first report. */
    public Claim(int attempt, String run, String claimId, String worker, boolean provisional) {
      this(attempt, run, claimId, worker, provisional, null, null);
    }

    @Override
    public String label() {
      return "claim";
    }
  }

  /**
   * The worker started the run.
   *
   * @param waitedMs milliseconds from the claim until the start, as measured by the worker; null if
   *     it starts now
   */
  record Started(
      int attempt, String run, @Nullable String claimId, String worker, @Nullable Long waitedMs)
      implements FromWorker {
    public Started(int attempt, String run, @Nullable String claimId, String worker) {
      this(attempt, run, claimId, worker, null);
    }

    @Override
    public String label() {
      return "started";
    }
  }

  /** Progress of the run; each of its values may be absent. */
  record Progress(
      int attempt,
      String run,
      @Nullable String claimId,
      String worker,
      @Nullable Integer progress,
      @Nullable String stage,
      @Nullable String message)
      implements FromWorker {
    @Override
    public String label() {
      return "progress";
    }
  }

  /** Extends the lease. */
  record Heartbeat(int attempt, String run, @Nullable String claimId, String worker)
      implements FromWorker {
    @Override
    public String label() {
      return "heartbeat";
    }
  }

  /** A report that ends a run whose worker may have measured it. */
  sealed interface EndsRun extends FromWorker {
    RunTiming timing();
  }

  /**
   * The run succeeded.
   *
   * @param timing what the worker measured
   * @param answeredState the number in the worker's reply, if its protocol has state numbers of its
   *     own
   * @param digest a digest of the reply, if the worker has no claim but submits results
   */
  record Complete(
      int attempt,
      String run,
      @Nullable String claimId,
      String worker,
      @Nullable String message,
      List<ResultDraft> results,
      @Nullable Integer answeredState,
      @Nullable String digest,
      RunTiming timing)
      implements EndsRun {
    public Complete {
      results = List.copyOf(results);
    }

    /** Reported by a worker that measures nothing. */
    public Complete(
        int attempt,
        String run,
        @Nullable String claimId,
        String worker,
        @Nullable String message,
        List<ResultDraft> results,
        @Nullable Integer answeredState,
        @Nullable String digest) {
      this(
          attempt,
          run,
          claimId,
          worker,
          message,
          results,
          answeredState,
          digest,
          RunTiming.UNKNOWN);
    }

    /** Reported by a worker that uses Docket's states and measures nothing. */
    public Complete(
        int attempt,
        String run,
        @Nullable String claimId,
        String worker,
        @Nullable String message,
        List<ResultDraft> results) {
      this(attempt, run, claimId, worker, message, results, null, null);
    }

    /** Identifies the submission of the results; the first one that ends the run wins. */
    public @Nullable String submission() {
      return claimId != null ? claimId : digest;
    }

    /** A copy with other drafts of the same results. */
    public Complete with(List<ResultDraft> drafts) {
      return new Complete(
          attempt, run, claimId, worker, message, drafts, answeredState, digest, timing);
    }

    @Override
    public String label() {
      return "complete";
    }
  }

  /**
   * The run failed.
   *
   * @param state one that {@linkplain TaskState#isWorkerFailure() a worker may report}, or 412
   * @param needed for 412, the tasks that must succeed first; empty for any unfinished task of the
   *     document
   * @param answeredState the number in the worker's reply, if its protocol has state numbers of its
   *     own
   * @param retryable whether the task is run again while there are attempts left
   * @param timing what the worker measured
   */
  record Fail(
      int attempt,
      String run,
      @Nullable String claimId,
      String worker,
      TaskState state,
      @Nullable String message,
      List<Effect.NeededTask> needed,
      @Nullable Integer answeredState,
      boolean retryable,
      RunTiming timing)
      implements EndsRun {
    public Fail {
      needed = List.copyOf(needed);
      if (!state.isWorkerFailure() && state != TaskState.UNFINISHED_DEPENDENCY) {
        throw new IllegalArgumentException(
            "state must be a failure that a worker can report (was " + state.number() + ")");
      }
    }

    /** Reported by a worker that measures nothing. */
    public Fail(
        int attempt,
        String run,
        @Nullable String claimId,
        String worker,
        TaskState state,
        @Nullable String message,
        List<Effect.NeededTask> needed,
        @Nullable Integer answeredState,
        boolean retryable) {
      this(
          attempt,
          run,
          claimId,
          worker,
          state,
          message,
          needed,
          answeredState,
          retryable,
          RunTiming.UNKNOWN);
    }

    /** Reported by a worker that uses Docket's states and measures nothing. */
    public Fail(
        int attempt,
        String run,
        @Nullable String claimId,
        String worker,
        TaskState state,
        @Nullable String message,
        List<Effect.NeededTask> needed) {
      this(attempt, run, claimId, worker, state, message, needed, null, state.isRetryable());
    }

    @Override
    public String label() {
      return "fail";
    }
  }

  /** The worker gives the run back without a failure. */
  record GiveBack(
      int attempt, String run, @Nullable String claimId, String worker, @Nullable String message)
      implements FromWorker {
    @Override
    public String label() {
      return "give_back";
    }
  }

  /** The worker disconnected before it received the run that a poll granted. Not its own report. */
  record Undelivered(int attempt, String run, String claimId, String worker) implements FromWorker {
    @Override
    public String label() {
      return "undelivered";
    }
  }

  /** The worker stopped the run on request. */
  record CancelConfirmed(
      int attempt, String run, @Nullable String claimId, String worker, RunTiming timing)
      implements EndsRun {
    public CancelConfirmed(int attempt, String run, @Nullable String claimId, String worker) {
      this(attempt, run, claimId, worker, RunTiming.UNKNOWN);
    }

    @Override
    public String label() {
      return "cancel_confirmed";
    }
  }

  /**
   * A new process of a worker says that this one has ended. Closes the run if it holds the lease.
   */
  record InstanceReplaced(WorkerInstance former) implements Command {
    @Override
    public String label() {
      return "instance_replaced";
    }
  }

  /** A worker that does not claim is about to save a result of this run. */
  record SaveResult(int attempt, String run, ResultId result) implements Command {
    @Override
    public String label() {
      return "save_result";
    }
  }

  /** Deletes saved results: their worker took them back, or a save was noted and then failed. */
  record RemoveResults(List<ResultId> results) implements Command {
    public RemoveResults {
      results = List.copyOf(results);
    }

    @Override
    public String label() {
      return "remove_results";
    }
  }

  /** Deletes the results of these runs, except those of the latest run that left any. */
  record TrimResults(Set<Integer> attempts) implements Command {
    public TrimResults {
      attempts = Set.copyOf(attempts);
    }

    @Override
    public String label() {
      return "trim_results";
    }
  }

  /** A command that is based on an observed version of the record and valid only for it. */
  sealed interface Observed extends Command {}

  /** The task is due: publish its message now. */
  record Publish() implements Observed {
    @Override
    public String label() {
      return "publish";
    }
  }

  /** The worker has sent no report for too long. */
  record LeaseLost() implements Observed {
    @Override
    public String label() {
      return "lease_lost";
    }
  }

  /** The run exceeded its timeout. */
  record TimedOut() implements Observed {
    @Override
    public String label() {
      return "timed_out";
    }
  }

  /**
   * No worker has claimed the run or replied by {@code unanswered_after}.
   *
   * @param failure whether this counts as a failed run
   */
  record Unanswered(boolean failure) implements Observed {
    @Override
    public String label() {
      return "unanswered";
    }
  }

  /** The broker lost the message, or has a queue for it now: publish the same run again. */
  record Redispatch() implements Observed {
    @Override
    public String label() {
      return "redispatch";
    }
  }

  /** Reserves the overdue effects for the caller by postponing their due time. */
  record TakeOverdue(Instant until) implements Observed {
    @Override
    public String label() {
      return "take_overdue";
    }
  }

  /** Resets the task as one of all tasks of its key in one state. */
  record MassReset(String by) implements Observed {
    @Override
    public String label() {
      return "reset";
    }
  }

  /** The store permanently rejects the task's new record; the task ends with this reason. */
  record Unstorable(String reason) implements Command {
    @Override
    public String label() {
      return "unstorable";
    }
  }

  /** Runs the task again if it has failed. */
  record Retry(String by) implements Command {
    @Override
    public String label() {
      return "retry";
    }
  }

  /**
   * Runs the task again at once, ignoring its dependencies and its delay, unless it is queued,
   * running, about to be published or successful.
   */
  record RetryNow(String by) implements Command {
    @Override
    public String label() {
      return "retry";
    }
  }

  /** Runs the task again from any state, ignoring its dependencies. */
  record ForceRetry(String by) implements Command {
    @Override
    public String label() {
      return "forceretry";
    }
  }

  /** Resets the task, from any state. */
  record Reset(String by) implements Command {
    @Override
    public String label() {
      return "reset";
    }
  }

  /** Cancels the task. */
  record Cancel(String by) implements Command {
    @Override
    public String label() {
      return "cancel";
    }
  }

  /** Deletes the task and its results because it ended long ago. */
  record Expire() implements Observed {
    @Override
    public String label() {
      return "expire";
    }
  }

  /** Deletes the task and its results. */
  record Delete(String by) implements Command {
    @Override
    public String label() {
      return "delete";
    }
  }

  /** A dependency succeeded. */
  record DependencyDone(TaskId dependency, TaskKey key, int attempt) implements Command {
    @Override
    public String label() {
      return "dependency_done";
    }
  }

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
      implements Command {
    @Override
    public String label() {
      return "dependency_failed";
    }
  }

  /**
   * The task is part of a dependency cycle.
   *
   * @param through the dependency that leads back to the task
   * @param path the tasks of the cycle, for people
   */
  record InCycle(TaskId through, String path) implements Command {
    @Override
    public String label() {
      return "in_cycle";
    }
  }

  /** Registers a task that waits for this one. */
  record AddDependent(TaskId dependent) implements Command {
    @Override
    public String label() {
      return "add_dependent";
    }
  }

  /** Removes performed effects from the outbox. */
  record EffectsDone(Set<String> ids) implements Command {
    public EffectsDone {
      ids = Set.copyOf(ids);
    }

    @Override
    public String label() {
      return "effects_done";
    }
  }
}
