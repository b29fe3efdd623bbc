package dev.docket.task.machine;

import dev.docket.task.Policy;
import dev.docket.task.RunResults;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What people ask for, and what the store does when it refuses a record. */
final class RequestedTransitions {

  private RequestedTransitions() {}

  static Decision apply(Task task, Command asked, Policy policy, DecisionContext context) {
    TaskBuilder builder = new TaskBuilder(task, context);
    if (asked instanceof Command.Retry retry) {
      return retry(task, builder, retry);
    }
    if (asked instanceof Command.ForceRetry force) {
      restart(builder);
      builder.move(TaskState.CREATED, "forceretry " + force.by(), null);
      builder.dispatch();
    } else if (asked instanceof Command.Reset reset) {
      reset(builder, TaskState.CREATED, reset.by(), "Reset");
    } else if (asked instanceof Command.MassReset reset) {
      reset(builder, TaskState.TASK_RESET, reset.by(), "Manual reset");
    } else if (asked instanceof Command.Cancel cancel) {
      return cancel(task, builder, cancel, policy);
    } else if (asked instanceof Command.Delete delete) {
      delete(builder, delete);
    } else if (asked instanceof Command.Unstorable unstorable && !task.state().isFinished()) {
      builder.end(TaskState.ERROR, "store", "the store refuses it: " + unstorable.why());
    } else {
      return TaskMachine.illegal(task, asked);
    }
    return new Decision.Moved(builder.done());
  }

  private static void reset(TaskBuilder builder, TaskState to, String by, String why) {
    restart(builder);
    boolean waits = waits(builder);
    builder.move(waits ? TaskState.UNFINISHED_DEPENDENCY : to, "reset " + by, why);
    if (!waits) {
      builder.dispatch();
    }
  }

  private static Decision retry(Task task, TaskBuilder builder, Command.Retry retry) {
    boolean again = task.state().isFailed() || task.state() == TaskState.NO_ROUTE_TO_QUEUE;
    if (!again) {
      return new Decision.Unchanged(task);
    }
    restart(builder);
    boolean waits = waits(builder);
    TaskState to = waits ? TaskState.UNFINISHED_DEPENDENCY : TaskState.CREATED;
    builder.move(to, "retry " + retry.by(), null);
    if (!waits) {
      builder.dispatch();
    }
    return new Decision.Moved(builder.done());
  }

  /** A new run with a clean sheet. What is still to be stored, made or told stays in the outbox. */
  private static void restart(TaskBuilder builder) {
    builder.newRun();
    builder.failures = 0;
  }

  /** Whether it has to wait for its dependencies, with which it then registers anew. */
  private static boolean waits(TaskBuilder builder) {
    List<Effect.Needed> open =
        builder.dependsOn.stream()
            .filter(d -> d.state() != TaskState.SUCCESS)
            .map(d -> new Effect.Needed(d.id(), d.key(), null))
            .toList();
    if (open.isEmpty()) {
      return false;
    }
    DependencyTransitions.waitFor(builder, open);
    return true;
  }

  private static Decision cancel(
      Task task, TaskBuilder builder, Command.Cancel cancel, Policy policy) {
    if (task.state() == TaskState.CANCELLED || task.cancelRequestedAt() != null) {
      return new Decision.Unchanged(task);
    }
    if (task.state().isFinished()) {
      return TaskMachine.illegal(task, cancel);
    }
    String by = "cancel " + cancel.by();
    if (task.lease() != null) {
      builder.cancelRequestedAt = builder.now();
      builder.note(by, null);
      return new Decision.Moved(builder.done());
    }
    builder.end(TaskState.CANCELLED, by, null);
    if (policy.ackMode() != Policy.AckMode.CLAIMS && task.dispatchedAt() != null) {
      builder.add(new Effect.Revoke(task.attempt()));
    }
    return new Decision.Moved(builder.done());
  }

  private static void delete(TaskBuilder builder, Command.Delete delete) {
    builder.deletedAt = builder.now();
    builder.lease = null;
    builder.dueAt = null;
    builder.note("delete " + delete.by(), null);
    // What was to be stored is deleted instead, and so is what was to be deleted after that.
    Set<RunResults> results = new LinkedHashSet<>();
    if (builder.saved > 0) {
      results.add(new RunResults(builder.attempt, builder.run, builder.saved));
      builder.saved = 0;
    }
    for (PendingEffect pending : builder.outbox) {
      if (pending.effect() instanceof Effect.StoreResults store) {
        results.add(store.run());
        if (store.before() != null) {
          results.add(store.before());
        }
      } else if (pending.effect() instanceof Effect.DeleteResults late) {
        results.addAll(late.results());
      }
    }
    if (builder.results != null) {
      results.add(builder.results);
    }
    builder.outbox.clear();
    builder.wake();
    builder.add(new Effect.Revoke(builder.attempt));
    builder.add(new Effect.DeleteResults(List.copyOf(results)));
  }
}
