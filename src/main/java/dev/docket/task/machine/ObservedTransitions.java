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
final class ObservedTransitions {

  static final String WORKER_LOST = "lease_lost";

  private ObservedTransitions() {}

  static Decision apply(Task task, Command.Observed seen, Policy policy, DecisionContext context) {
    if (seen instanceof Command.Publish) {
      return publish(task, context);
    }
    if (seen instanceof Command.Redispatch) {
      return redispatch(task, context);
    }
    if (seen instanceof Command.Expire) {
      return expire(task, context);
    }
    TaskBuilder builder = new TaskBuilder(task, context);
    boolean running = task.state() == TaskState.PROCESSING;
    if (seen instanceof Command.LeaseLost && running && task.lease() != null) {
      leaseLost(builder, task, task.lease(), policy, context);
    } else if (seen instanceof Command.TimedOut && running) {
      Duration limit = policy.timeout(task);
      if (task.cancelRequestedAt() != null) {
        builder.end(
            TaskState.CANCELLED, seen.label(), "ran past its timeout after it was cancelled");
      } else {
        RunEndTransitions.failed(
            builder,
            task,
            policy,
            context,
            true,
            TaskState.TIMED_OUT,
            seen.label(),
            "ran longer than " + limit);
      }
    } else if (seen instanceof Command.Unanswered unanswered
        && (task.state() == TaskState.QUEUED || (running && task.lease() == null))) {
      unanswered(builder, task, unanswered.failure(), policy);
    } else {
      return new Decision.Unchanged(task);
    }
    return new Decision.Moved(builder.done());
  }

  /** Whose time has come is handed to the broker: dispatched now, whatever it waited for. */
  private static Decision publish(Task task, DecisionContext context) {
    boolean due =
        task.outbox().stream()
            .anyMatch(p -> p.effect() instanceof Effect.Publish && !p.due().isAfter(context.now()));
    if (!due) {
      return new Decision.Unchanged(task);
    }
    TaskBuilder builder = new TaskBuilder(task, context);
    if (task.state() == TaskState.UNFINISHED_DEPENDENCY) {
      builder.move(TaskState.CREATED, "publish", "looks again whether what it needs is there");
      builder.stopWaiting();
    }
    builder.dueAt = null;
    builder.dispatch();
    pushBack(builder, context.now().plus(TaskBuilder.GRACE), context.now());
    return new Decision.Moved(builder.done());
  }

  private static Decision redispatch(Task task, DecisionContext context) {
    if (task.state() != TaskState.QUEUED && task.state() != TaskState.NO_ROUTE_TO_QUEUE) {
      return new Decision.Unchanged(task);
    }
    TaskBuilder builder = new TaskBuilder(task, context);
    if (task.state() == TaskState.NO_ROUTE_TO_QUEUE) {
      builder.move(TaskState.CREATED, "redispatch", null);
    } else {
      builder.note("redispatch", "sent again: the broker had lost its message");
    }
    builder.dispatch();
    return new Decision.Moved(builder.done());
  }

  /**
   * While there is something left to do for it, it stays: somebody may not know yet how it ended.
   */
  private static Decision expire(Task task, DecisionContext context) {
    if (!task.state().isFinished() || !task.outbox().isEmpty()) {
      return new Decision.Unchanged(task);
    }
    TaskBuilder builder = new TaskBuilder(task, context);
    RunResults results = task.results();
    builder.deletedAt = context.now();
    builder.dueAt = null;
    builder.note("expire", null);
    builder.add(new Effect.DeleteResults(results == null ? List.of() : List.of(results)));
    return new Decision.Moved(builder.done());
  }

  static Decision takeOverdue(Task task, Instant until, DecisionContext context) {
    TaskBuilder builder = new TaskBuilder(task, context);
    return pushBack(builder, until, context.now())
        ? new Decision.Moved(builder.done())
        : new Decision.Unchanged(task);
  }

  private static boolean pushBack(TaskBuilder builder, Instant until, Instant now) {
    boolean any = false;
    for (int i = 0; i < builder.outbox.size(); i++) {
      PendingEffect pending = builder.outbox.get(i);
      if (!pending.due().isAfter(now)) {
        builder.outbox.set(i, new PendingEffect(pending.id(), until, pending.effect()));
        any = true;
      }
    }
    return any;
  }

  private static void leaseLost(
      TaskBuilder builder, Task task, Lease lease, Policy policy, DecisionContext context) {
    String why = "worker lost: nothing heard of " + lease.worker();
    if (task.cancelRequestedAt() != null) {
      builder.end(TaskState.CANCELLED, WORKER_LOST, why);
    } else if (lease.provisional()) {
      RunEndTransitions.giveBack(builder, WORKER_LOST, why);
    } else {
      RunEndTransitions.failed(
          builder, task, policy, context, true, TaskState.ERROR, WORKER_LOST, why);
    }
  }

  private static void unanswered(TaskBuilder builder, Task task, boolean failure, Policy policy) {
    if (failure) {
      builder.failures++;
      if (builder.failures >= policy.maxAttempts(task)) {
        builder.end(TaskState.ERROR, "unanswered", "no worker has answered");
        return;
      }
    }
    builder.newRun();
    builder.move(TaskState.CREATED, "unanswered", "no worker has answered; it is sent again");
    builder.dispatch();
  }
}
