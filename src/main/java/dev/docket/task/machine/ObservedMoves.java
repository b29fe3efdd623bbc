package dev.docket.task.machine;

import dev.docket.task.Lease;
import dev.docket.task.Policy;
import dev.docket.task.RunResults;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What is decided by looking: the sweeps and watches. */
final class ObservedMoves {

  static final String WORKER_LOST = "lease_lost";

  private ObservedMoves() {}

  static Decision apply(Task task, Command.Observed seen, Policy policy, Moment moment) {
    if (seen instanceof Command.Publish) {
      return publish(task, moment);
    }
    if (seen instanceof Command.Redispatch) {
      return redispatch(task, moment);
    }
    if (seen instanceof Command.Expire) {
      return expire(task, moment);
    }
    Draft draft = new Draft(task, moment);
    boolean running = task.state() == TaskState.PROCESSING;
    if (seen instanceof Command.LeaseLost && running && task.lease() != null) {
      leaseLost(draft, task, task.lease(), policy, moment);
    } else if (seen instanceof Command.TimedOut && running) {
      Duration limit = policy.timeout(task);
      if (task.cancelRequestedAt() != null) {
        draft.end(TaskState.CANCELLED, seen.word(), "ran past its timeout after it was cancelled");
      } else {
        RunEndMoves.failed(
            draft,
            task,
            policy,
            moment,
            true,
            TaskState.TIMED_OUT,
            seen.word(),
            "ran longer than " + limit);
      }
    } else if (seen instanceof Command.Unanswered unanswered
        && (task.state() == TaskState.QUEUED || (running && task.lease() == null))) {
      unanswered(draft, task, unanswered.failure(), policy);
    } else {
      return new Decision.Unchanged(task);
    }
    return new Decision.Moved(draft.done());
  }

  /** Whose time has come is handed to the broker: dispatched now, whatever it waited for. */
  private static Decision publish(Task task, Moment moment) {
    boolean due =
        task.outbox().stream()
            .anyMatch(p -> p.effect() instanceof Effect.Publish && !p.due().isAfter(moment.now()));
    if (!due) {
      return new Decision.Unchanged(task);
    }
    Draft draft = new Draft(task, moment);
    if (task.state() == TaskState.UNFINISHED_DEPENDENCY) {
      draft.move(TaskState.CREATED, "publish", "looks again whether what it needs is there");
      draft.stopWaiting();
    }
    draft.dueAt = null;
    draft.dispatch();
    pushBack(draft, moment.now().plus(Draft.GRACE), moment.now());
    return new Decision.Moved(draft.done());
  }

  private static Decision redispatch(Task task, Moment moment) {
    if (task.state() != TaskState.QUEUED && task.state() != TaskState.NO_ROUTE_TO_QUEUE) {
      return new Decision.Unchanged(task);
    }
    Draft draft = new Draft(task, moment);
    if (task.state() == TaskState.NO_ROUTE_TO_QUEUE) {
      draft.move(TaskState.CREATED, "redispatch", null);
    } else {
      draft.note("redispatch", "sent again: the broker had lost its message");
    }
    draft.dispatch();
    return new Decision.Moved(draft.done());
  }

  /**
   * While there is something left to do for it, it stays: somebody may not know yet how it ended.
   */
  private static Decision expire(Task task, Moment moment) {
    if (!task.state().isFinished() || !task.outbox().isEmpty()) {
      return new Decision.Unchanged(task);
    }
    Draft draft = new Draft(task, moment);
    RunResults results = task.results();
    draft.deletedAt = moment.now();
    draft.dueAt = null;
    draft.note("expire", null);
    draft.add(new Effect.DeleteResults(results == null ? List.of() : List.of(results)));
    return new Decision.Moved(draft.done());
  }

  static Decision takeOverdue(Task task, Instant until, Moment moment) {
    Draft draft = new Draft(task, moment);
    return pushBack(draft, until, moment.now())
        ? new Decision.Moved(draft.done())
        : new Decision.Unchanged(task);
  }

  private static boolean pushBack(Draft draft, Instant until, Instant now) {
    boolean any = false;
    for (int i = 0; i < draft.outbox.size(); i++) {
      PendingEffect pending = draft.outbox.get(i);
      if (!pending.due().isAfter(now)) {
        draft.outbox.set(i, new PendingEffect(pending.id(), until, pending.effect()));
        any = true;
      }
    }
    return any;
  }

  private static void leaseLost(Draft draft, Task task, Lease lease, Policy policy, Moment moment) {
    String why = "worker lost: nothing heard of " + lease.worker();
    if (task.cancelRequestedAt() != null) {
      draft.end(TaskState.CANCELLED, WORKER_LOST, why);
    } else if (lease.provisional()) {
      RunEndMoves.giveBack(draft, WORKER_LOST, why);
    } else {
      RunEndMoves.failed(draft, task, policy, moment, true, TaskState.ERROR, WORKER_LOST, why);
    }
  }

  private static void unanswered(Draft draft, Task task, boolean failure, Policy policy) {
    if (failure) {
      draft.failures++;
      if (draft.failures >= policy.maxAttempts(task)) {
        draft.end(TaskState.ERROR, "unanswered", "no worker has answered");
        return;
      }
    }
    draft.newRun();
    draft.move(TaskState.CREATED, "unanswered", "no worker has answered; it is sent again");
    draft.dispatch();
  }
}
