package dev.docket.task.machine;

import dev.docket.task.ResultDraft;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of a task that exists. ({@link TaskMachine#create} makes one.)
 *
 * <p>Four kinds: what the broker says, what a worker says (always of a run), what somebody decided
 * by looking at the record (never folded with others, dropped when the record has moved on), and
 * what people and other tasks ask.
 */
public sealed interface Command {

  /** The word for it in histories, logs and refusals. */
  String label();

  /** What the broker said of the message of a run. A stale one is no refusal but nothing at all. */
  sealed interface OfMessage extends Command {
    int attempt();

    String run();
  }

  /** The broker has it. */
  record Confirm(int attempt, String run) implements OfMessage {
    @Override
    public String label() {
      return "confirm";
    }
  }

  /** No queue takes it. */
  record Unroutable(int attempt, String run) implements OfMessage {
    @Override
    public String label() {
      return "unroutable";
    }
  }

  /** What a worker says. Refused, and counted, when it is of a run that is not the current one. */
  sealed interface OfRun extends Command {
    int attempt();

    String run();

    /** The claim under which it is said; null from workers that do not claim. */
    @Nullable String claimId();

    /** The worker's name. */
    String worker();
  }

  /** Asks for the lease. */
  record Claim(int attempt, String run, String claimId, String worker, boolean provisional)
      implements OfRun {
    @Override
    public String label() {
      return "claim";
    }
  }

  /** The work has begun. */
  record Started(int attempt, String run, @Nullable String claimId, String worker)
      implements OfRun {
    @Override
    public String label() {
      return "started";
    }
  }

  /** How far it is; each part may be left out. */
  record Progress(
      int attempt,
      String run,
      @Nullable String claimId,
      String worker,
      @Nullable Integer progress,
      @Nullable String stage,
      @Nullable String message)
      implements OfRun {
    @Override
    public String label() {
      return "progress";
    }
  }

  /** Still at it. */
  record Heartbeat(int attempt, String run, @Nullable String claimId, String worker)
      implements OfRun {
    @Override
    public String label() {
      return "heartbeat";
    }
  }

  /** Done. */
  record Complete(
      int attempt,
      String run,
      @Nullable String claimId,
      String worker,
      @Nullable String message,
      List<ResultDraft> results)
      implements OfRun {
    public Complete {
      results = List.copyOf(results);
    }

    @Override
    public String label() {
      return "complete";
    }
  }

  /**
   * Not done.
   *
   * @param state one that {@linkplain TaskState#isWorkersFailure() a worker may say}, or 412
   * @param needed with 412: what must be done first; empty: whatever is unfinished on the document
   */
  record Fail(
      int attempt,
      String run,
      @Nullable String claimId,
      String worker,
      TaskState state,
      @Nullable String message,
      List<Effect.Needed> needed)
      implements OfRun {
    public Fail {
      needed = List.copyOf(needed);
      if (!state.isWorkersFailure() && state != TaskState.UNFINISHED_DEPENDENCY) {
        throw new IllegalArgumentException("state: no worker can say " + state.number());
      }
    }

    @Override
    public String label() {
      return "fail";
    }
  }

  /** Not by this worker, not now. */
  record GiveBack(
      int attempt, String run, @Nullable String claimId, String worker, @Nullable String message)
      implements OfRun {
    @Override
    public String label() {
      return "give_back";
    }
  }

  /** Stopped, as was asked. */
  record CancelConfirmed(int attempt, String run, @Nullable String claimId, String worker)
      implements OfRun {
    @Override
    public String label() {
      return "cancel_confirmed";
    }
  }

  /**
   * A worker that does not claim is about to save a result, under whatever run is the current one.
   */
  record SaveResult() implements Command {
    @Override
    public String label() {
      return "save_result";
    }
  }

  /** What was decided by looking at the record: it holds only for the version that was seen. */
  sealed interface Observed extends Command {}

  /** Its time has come: hand it to the broker now. */
  record Publish() implements Observed {
    @Override
    public String label() {
      return "publish";
    }
  }

  /** Its worker has been silent for too long. */
  record LeaseLost() implements Observed {
    @Override
    public String label() {
      return "lease_lost";
    }
  }

  /** It ran for too long. */
  record TimedOut() implements Observed {
    @Override
    public String label() {
      return "timed_out";
    }
  }

  /**
   * Nobody has answered for days.
   *
   * @param failure whether that counts as a failed run
   */
  record Unanswered(boolean failure) implements Observed {
    @Override
    public String label() {
      return "unanswered";
    }
  }

  /** The broker lost its message, or has a queue for it now: send it again, as the same run. */
  record Redispatch() implements Observed {
    @Override
    public String label() {
      return "redispatch";
    }
  }

  /** Take what is overdue in the outbox upon oneself until then. */
  record TakeOverdue(Instant until) implements Observed {
    @Override
    public String label() {
      return "take_overdue";
    }
  }

  /** Back to the beginning, as one of all tasks of its key that were in some state. */
  record MassReset(String by) implements Observed {
    @Override
    public String label() {
      return "reset";
    }
  }

  /** The store refuses for good what the task was to become; it ends with this reason. */
  record Unstorable(String why) implements Command {
    @Override
    public String label() {
      return "unstorable";
    }
  }

  /** Try it again, if it has failed. */
  record Retry(String by) implements Command {
    @Override
    public String label() {
      return "retry";
    }
  }

  /** Run it again, whatever it is doing and whatever it waits for. */
  record ForceRetry(String by) implements Command {
    @Override
    public String label() {
      return "forceretry";
    }
  }

  /** Back to the beginning. */
  record Reset(String by) implements Command {
    @Override
    public String label() {
      return "reset";
    }
  }

  /** Stop. */
  record Cancel(String by) implements Command {
    @Override
    public String label() {
      return "cancel";
    }
  }

  /** It ended long ago: remove it, with its results. */
  record Expire() implements Observed {
    @Override
    public String label() {
      return "expire";
    }
  }

  /** Remove it, with its results. */
  record Delete(String by) implements Command {
    @Override
    public String label() {
      return "delete";
    }
  }

  /** A task that this one waits for has succeeded. */
  record DependencyDone(TaskId dependency, TaskKey key, int attempt) implements Command {
    @Override
    public String label() {
      return "dependency_done";
    }
  }

  /** The attempt of a dependency that is gone: a later one of that id begins with 1 again. */
  int GONE = 0;

  /**
   * A task that this one waits for has failed for good, or is gone.
   *
   * @param attempt the attempt that failed, or {@link #GONE}
   */
  record DependencyFailed(TaskId dependency, TaskKey key, int attempt, TaskState state)
      implements Command {
    @Override
    public String label() {
      return "dependency_failed";
    }
  }

  /**
   * What it waits for waits for it.
   *
   * @param through the dependency that leads back to it
   * @param path the tasks on the way, for people
   */
  record InCycle(TaskId through, String path) implements Command {
    @Override
    public String label() {
      return "in_cycle";
    }
  }

  /** Another task waits for this one. */
  record AddDependent(TaskId dependent) implements Command {
    @Override
    public String label() {
      return "add_dependent";
    }
  }

  /** These effects are done. */
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
