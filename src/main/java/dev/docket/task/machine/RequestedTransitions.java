package dev.docket.task.machine;

import dev.docket.task.ResultRun;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Transitions requested by people, and the end of a task whose record the store rejects. */
final class RequestedTransitions {

  private RequestedTransitions() {}

  static Decision apply(Task task, Command command, DecisionContext context) {
    TaskBuilder builder = new TaskBuilder(task, context);
    if (command instanceof Command.Retry retry) {
      return retry(task, builder, retry);
    }
    if (command instanceof Command.RetryNow && isActiveOrDone(task)) {
      return new Decision.Unchanged(task);
    }
    if (command instanceof Command.RetryNow now) {
      forceRetry(builder, now.label() + " " + now.by());
    } else if (command instanceof Command.ForceRetry force) {
      forceRetry(builder, force.label() + " " + force.by());
    } else if (command instanceof Command.Reset reset) {
      runAgain(builder, TaskState.CREATED, "reset " + reset.by(), "Reset");
    } else if (command instanceof Command.MassReset reset) {
      runAgain(builder, TaskState.TASK_RESET, "reset " + reset.by(), "Manual reset");
    } else if (command instanceof Command.Cancel cancel) {
      return cancel(task, builder, cancel);
    } else if (command instanceof Command.Delete delete) {
      delete(builder, delete);
    } else if (command instanceof Command.Unstorable unstorable && !task.state().isFinished()) {
      builder.end(TaskState.ERROR, "store", "the store rejects the record: " + unstorable.reason());
    } else {
      return TaskMachine.illegal(task, command);
    }
    return new Decision.Changed(builder.build());
  }

  private static void runAgain(
      TaskBuilder builder, TaskState to, String by, @Nullable String message) {
    restart(builder);
    boolean waiting = waitForUnfinished(builder);
    builder.transitionTo(waiting ? TaskState.UNFINISHED_DEPENDENCY : to, by, message);
    if (!waiting) {
      builder.dispatch();
    }
  }

  private static void forceRetry(TaskBuilder builder, String by) {
    restart(builder);
    builder.transitionTo(TaskState.CREATED, by, null);
    builder.dispatch();
  }

  /** Also true between the decision to publish a message and the broker's confirmation. */
  private static boolean isActiveOrDone(Task task) {
    return switch (task.state()) {
      case QUEUED, PROCESSING, SUCCESS -> true;
      case CREATED, TASK_RESET -> task.run().dueAt() == null;
      case UNFINISHED_DEPENDENCY,
          NO_ROUTE_TO_QUEUE,
          BAD_REQUEST,
          ACCESS_DENIED,
          NOT_FOUND,
          TIMED_OUT,
          FAILED_DEPENDENCY,
          CANCELLED,
          ERROR,
          ERROR_INVALID_INPUT,
          ERROR_PROXY ->
          false;
    };
  }

  private static Decision retry(Task task, TaskBuilder builder, Command.Retry retry) {
    boolean retryable = task.state().isFailed() || task.state() == TaskState.NO_ROUTE_TO_QUEUE;
    if (!retryable) {
      return new Decision.Unchanged(task);
    }
    runAgain(builder, TaskState.CREATED, "retry " + retry.by(), null);
    return new Decision.Changed(builder.build());
  }

  /** Starts a new run with no failures. Pending effects stay unless the new run supersedes them. */
  private static void restart(TaskBuilder builder) {
    builder.startNewRun();
    builder.run.failures = 0;
    builder.run.unreportedGrants = 0;
  }

  /** Registers with all dependencies that have not succeeded; returns whether there are any. */
  private static boolean waitForUnfinished(TaskBuilder builder) {
    List<Effect.NeededTask> unfinished =
        builder.dependsOn.stream()
            .filter(d -> d.state() != TaskState.SUCCESS)
            .map(d -> new Effect.NeededTask(d.id(), d.key(), null))
            .toList();
    if (unfinished.isEmpty()) {
      return false;
    }
    DependencyTransitions.waitFor(builder, unfinished);
    return true;
  }

  private static Decision cancel(Task task, TaskBuilder builder, Command.Cancel cancel) {
    if (task.state() == TaskState.CANCELLED || task.run().cancelRequestedAt() != null) {
      return new Decision.Unchanged(task);
    }
    if (task.state().isFinished()) {
      return TaskMachine.illegal(task, cancel);
    }
    String by = "cancel " + cancel.by();
    if (task.run().lease() != null) {
      builder.run.cancelRequestedAt = builder.now();
      builder.addHistory(by, null);
      return new Decision.Changed(builder.build());
    }
    builder.end(TaskState.CANCELLED, by, null);
    return new Decision.Changed(builder.build());
  }

  private static void delete(TaskBuilder builder, Command.Delete delete) {
    builder.deletedAt = builder.now();
    builder.run.lease = null;
    builder.run.dueAt = null;
    builder.addHistory("delete " + delete.by(), null);
    Set<ResultRun> results = new LinkedHashSet<>(builder.resultRuns);
    if (!builder.run.saved.isEmpty()) {
      results.add(builder.run.build().savedResults());
      builder.run.saved.clear();
    }
    for (PendingEffect pending : builder.outbox) {
      if (pending.effect() instanceof Effect.StoreResults store) {
        results.add(store.run());
      } else if (pending.effect() instanceof Effect.DeleteResults pendingDelete) {
        results.addAll(pendingDelete.results());
      }
    }
    // Results that are still to be stored are stored first: their records name the payloads that
    // are to be deleted too.
    builder.dropEffects(
        effect -> !(effect instanceof Effect.StoreResults || effect instanceof Effect.ReleaseSlot));
    builder.endAdmission();
    builder.wake();
    builder.add(new Effect.DeleteResults(List.copyOf(results)));
  }
}
