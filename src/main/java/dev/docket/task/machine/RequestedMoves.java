package dev.docket.task.machine;

import dev.docket.task.Policy;
import dev.docket.task.RunResults;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What people ask for, and what the store does when it refuses a record. */
final class RequestedMoves {

  private RequestedMoves() {}

  static Decision apply(Task task, Command asked, Policy policy, Moment moment) {
    Draft draft = new Draft(task, moment);
    if (asked instanceof Command.Retry retry) {
      return retry(task, draft, retry);
    }
    if (asked instanceof Command.ForceRetry force) {
      restart(draft);
      draft.move(TaskState.CREATED, "forceretry " + force.by(), null);
      draft.dispatch();
    } else if (asked instanceof Command.Reset reset) {
      reset(draft, TaskState.CREATED, reset.by(), "Reset");
    } else if (asked instanceof Command.MassReset reset) {
      reset(draft, TaskState.TASK_RESET, reset.by(), "Manual reset");
    } else if (asked instanceof Command.Cancel cancel) {
      return cancel(task, draft, cancel, policy);
    } else if (asked instanceof Command.Delete delete) {
      delete(draft, delete);
    } else if (asked instanceof Command.Unstorable unstorable && !task.state().isFinished()) {
      draft.end(TaskState.ERROR, "store", "the store refuses it: " + unstorable.why());
    } else {
      return TaskMachine.illegal(task, asked);
    }
    return new Decision.Moved(draft.done());
  }

  private static void reset(Draft draft, TaskState to, String by, String why) {
    restart(draft);
    boolean waits = waits(draft);
    draft.move(waits ? TaskState.UNFINISHED_DEPENDENCY : to, "reset " + by, why);
    if (!waits) {
      draft.dispatch();
    }
  }

  private static Decision retry(Task task, Draft draft, Command.Retry retry) {
    boolean again = task.state().isFailed() || task.state() == TaskState.NO_ROUTE_TO_QUEUE;
    if (!again) {
      return new Decision.Unchanged(task);
    }
    restart(draft);
    boolean waits = waits(draft);
    TaskState to = waits ? TaskState.UNFINISHED_DEPENDENCY : TaskState.CREATED;
    draft.move(to, "retry " + retry.by(), null);
    if (!waits) {
      draft.dispatch();
    }
    return new Decision.Moved(draft.done());
  }

  /** A new run with a clean sheet. What is still to be stored, made or told stays in the outbox. */
  private static void restart(Draft draft) {
    draft.newRun();
    draft.failures = 0;
  }

  /** Whether it has to wait for its dependencies, with which it then registers anew. */
  private static boolean waits(Draft draft) {
    List<Effect.Needed> open =
        draft.dependsOn.stream()
            .filter(d -> d.state() != TaskState.SUCCESS)
            .map(d -> new Effect.Needed(d.id(), d.key(), null))
            .toList();
    if (open.isEmpty()) {
      return false;
    }
    DependencyMoves.waitFor(draft, open);
    return true;
  }

  private static Decision cancel(Task task, Draft draft, Command.Cancel cancel, Policy policy) {
    if (task.state() == TaskState.CANCELLED || task.cancelRequestedAt() != null) {
      return new Decision.Unchanged(task);
    }
    if (task.state().isFinished()) {
      return TaskMachine.illegal(task, cancel);
    }
    String by = "cancel " + cancel.by();
    if (task.lease() != null) {
      draft.cancelRequestedAt = draft.now();
      draft.note(by, null);
      return new Decision.Moved(draft.done());
    }
    draft.end(TaskState.CANCELLED, by, null);
    if (policy.way() != Policy.Way.CLAIMS && task.dispatchedAt() != null) {
      draft.add(new Effect.Revoke(task.attempt()));
    }
    return new Decision.Moved(draft.done());
  }

  private static void delete(Draft draft, Command.Delete delete) {
    draft.deletedAt = draft.now();
    draft.lease = null;
    draft.dueAt = null;
    draft.note("delete " + delete.by(), null);
    // What was to be stored is deleted instead, and so is what was to be deleted after that.
    Set<RunResults> results = new LinkedHashSet<>();
    if (draft.saved > 0) {
      results.add(new RunResults(draft.attempt, draft.run, draft.saved));
      draft.saved = 0;
    }
    for (PendingEffect pending : draft.outbox) {
      if (pending.effect() instanceof Effect.StoreResults store) {
        results.add(store.run());
        if (store.before() != null) {
          results.add(store.before());
        }
      } else if (pending.effect() instanceof Effect.DeleteResults late) {
        results.addAll(late.results());
      }
    }
    if (draft.results != null) {
      results.add(draft.results);
    }
    draft.outbox.clear();
    draft.wake();
    draft.add(new Effect.Revoke(draft.attempt));
    draft.add(new Effect.DeleteResults(List.copyOf(results)));
  }
}
