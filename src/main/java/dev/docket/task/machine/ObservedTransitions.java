package dev.docket.task.machine;

import dev.docket.task.Admission;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.time.Instant;

/** Transitions decided by sweeps, based on an observed version of the task. */
final class ObservedTransitions {

  private ObservedTransitions() {}

  static Decision apply(
      Task task, Command.Observed command, Policy policy, DecisionContext context) {
    if (command instanceof Command.Publish) {
      return publish(task, context);
    }
    if (command instanceof Command.Redispatch) {
      return redispatch(task, context);
    }
    if (command instanceof Command.Admit admit) {
      return admit(task, admit.admission(), context);
    }
    if (command instanceof Command.Fence) {
      return new Decision.Changed(new TaskBuilder(task, context).build());
    }
    if (command instanceof Command.Expire) {
      return expire(task, context);
    }
    if (command instanceof Command.LeaseLost) {
      return LeaseTransitions.leaseLost(task, policy, context);
    }
    TaskBuilder builder = new TaskBuilder(task, context);
    boolean running = task.state() == TaskState.PROCESSING;
    Duration limit = policy.timeout(task);
    if (command instanceof Command.TimedOut && running && limit != null) {
      if (task.run().cancelRequestedAt() != null) {
        builder.end(
            TaskState.CANCELLED, command.label(), "exceeded its timeout after the cancel request");
      } else {
        RunEndTransitions.failed(
            builder,
            task,
            policy,
            context,
            true,
            TaskState.TIMED_OUT,
            null,
            command.label(),
            "exceeded its timeout of " + limit);
      }
    } else if (command instanceof Command.Unanswered unanswered
        && (task.state() == TaskState.QUEUED || (running && task.run().lease() == null))) {
      unanswered(builder, task, unanswered.failure(), policy);
    } else {
      return new Decision.Unchanged(task);
    }
    return new Decision.Changed(builder.build());
  }

  /** Dispatches a task whose publish effect is due, and ends its wait for any dependency. */
  private static Decision publish(Task task, DecisionContext context) {
    boolean due =
        task.outbox().stream()
            .anyMatch(p -> p.effect() instanceof Effect.Publish && !p.due().isAfter(context.now()));
    if (!due) {
      return new Decision.Unchanged(task);
    }
    TaskBuilder builder = new TaskBuilder(task, context);
    if (task.state() == TaskState.UNFINISHED_DEPENDENCY) {
      builder.transitionTo(
          TaskState.CREATED, "publish", "backoff ended; the worker checks its dependencies again");
      builder.stopWaitingForAny();
    }
    builder.run.dueAt = null;
    builder.dispatch();
    postponeDueEffects(builder, context.now().plus(TaskBuilder.GRACE_PERIOD), context.now());
    return new Decision.Changed(builder.build());
  }

  private static Decision admit(Task task, Admission admission, DecisionContext context) {
    if (task.run().limitedSince() == null || !context.limits().permit(admission)) {
      return new Decision.Unchanged(task);
    }
    TaskBuilder builder = new TaskBuilder(task, context);
    builder.run.admission = admission;
    builder.dispatch();
    return new Decision.Changed(builder.build());
  }

  private static Decision redispatch(Task task, DecisionContext context) {
    if (task.state() != TaskState.QUEUED && task.state() != TaskState.NO_ROUTE_TO_QUEUE) {
      return new Decision.Unchanged(task);
    }
    TaskBuilder builder = new TaskBuilder(task, context);
    if (task.state() == TaskState.NO_ROUTE_TO_QUEUE) {
      builder.transitionTo(TaskState.CREATED, "redispatch", null);
    } else {
      builder.addHistory("redispatch", "published again: the broker lost the message");
    }
    builder.dispatch();
    return new Decision.Changed(builder.build());
  }

  /** A task with pending effects stays: a receiver may not have been notified of its end yet. */
  private static Decision expire(Task task, DecisionContext context) {
    if (!task.state().isFinished() || !task.outbox().isEmpty()) {
      return new Decision.Unchanged(task);
    }
    TaskBuilder builder = new TaskBuilder(task, context);
    builder.deletedAt = context.now();
    builder.run.dueAt = null;
    builder.addHistory("expire", null);
    builder.add(new Effect.DeleteResults(task.resultRuns()));
    return new Decision.Changed(builder.build());
  }

  /**
   * Also writes a task that has no effect until then. It was found because its record contains an
   * effect of an earlier release, which is dropped on reading; this write removes it.
   */
  static Decision takeOverdue(Task task, Instant until, DecisionContext context) {
    TaskBuilder builder = new TaskBuilder(task, context);
    boolean idle = task.outboxDue().filter(due -> !due.isAfter(until)).isEmpty();
    return postponeDueEffects(builder, until, context.now()) || idle
        ? new Decision.Changed(builder.build())
        : new Decision.Unchanged(task);
  }

  private static boolean postponeDueEffects(TaskBuilder builder, Instant until, Instant now) {
    boolean changed = false;
    for (int i = 0; i < builder.outbox.size(); i++) {
      PendingEffect pending = builder.outbox.get(i);
      if (!pending.due().isAfter(now)) {
        builder.outbox.set(i, new PendingEffect(pending.id(), until, pending.effect()));
        changed = true;
      }
    }
    return changed;
  }

  private static void unanswered(TaskBuilder builder, Task task, boolean failure, Policy policy) {
    if (failure) {
      builder.run.failures++;
      if (builder.run.failures >= policy.maxAttempts(task)) {
        builder.end(TaskState.ERROR, "unanswered", "no worker replied");
        return;
      }
    }
    builder.startNewRun();
    builder.transitionTo(
        TaskState.CREATED, "unanswered", "no worker replied; the task is published again");
    builder.dispatch();
  }
}
