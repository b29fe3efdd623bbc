package dev.docket.task.machine;

import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Instant;

/** Transitions caused by the broker's confirms and returns. Late and repeated ones are ignored. */
final class MessageTransitions {

  private MessageTransitions() {}

  static Decision apply(
      Task task, Command.FromBroker message, Policy policy, DecisionContext context) {
    boolean waiting =
        task.state().isClaimable()
            && task.isCurrentRun(message.run())
            && !task.run().isManual()
            && task.run().limitedSince() == null;
    if (!waiting) {
      return new Decision.Unchanged(task);
    }
    return message instanceof Command.Confirm
        ? confirm(task, policy, context)
        : unroutable(task, context);
  }

  private static Decision confirm(Task task, Policy policy, DecisionContext context) {
    TaskBuilder builder = new TaskBuilder(task, context);
    boolean published = builder.outbox.removeIf(p -> p.effect() instanceof Effect.Publish);
    if (task.state() == TaskState.QUEUED) {
      return published ? new Decision.Changed(builder.build()) : new Decision.Unchanged(task);
    }
    builder.transitionTo(TaskState.QUEUED, "confirm", null);
    Instant dispatchedAt =
        task.run().dispatchedAt() != null ? task.run().dispatchedAt() : context.now();
    builder.run.dueAt = null;
    builder.run.dispatchedAt = dispatchedAt;
    builder.run.queuedAt = dispatchedAt;
    builder.run.unansweredAfter = dispatchedAt.plus(policy.unansweredAfter());
    return new Decision.Changed(builder.build());
  }

  private static Decision unroutable(Task task, DecisionContext context) {
    if (task.state() == TaskState.NO_ROUTE_TO_QUEUE) {
      return new Decision.Unchanged(task);
    }
    TaskBuilder builder = new TaskBuilder(task, context);
    builder.dropEffects(Effect.Publish.class::isInstance);
    // Tasks of the same key on other routes can use the slot. The rate has counted the run.
    builder.releaseSlot();
    // The message is in no queue: unanswered_after counts from when it is.
    builder.run.dueAt = null;
    builder.run.dispatchedAt = null;
    builder.run.queuedAt = null;
    builder.run.unansweredAfter = null;
    builder.transitionTo(
        TaskState.NO_ROUTE_TO_QUEUE,
        "unroutable",
        "no queue is bound for "
            + task.spec().document().target().type().wire()
            + "."
            + task.key()
            + "; the task is published again when one is bound");
    return new Decision.Changed(builder.build());
  }
}
