package dev.docket.task.machine;

import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Instant;

/** What the broker's answers do. A late or repeated answer is normal here and changes nothing. */
final class MessageTransitions {

  private MessageTransitions() {}

  static Decision apply(
      Task task, Command.OfMessage message, Policy policy, DecisionContext context) {
    boolean waiting = task.state().isClaimable() && task.isRun(message.attempt(), message.run());
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
      return published ? new Decision.Moved(builder.done()) : new Decision.Unchanged(task);
    }
    builder.move(TaskState.QUEUED, "confirm", null);
    Instant handedOver = task.dispatchedAt() != null ? task.dispatchedAt() : context.now();
    builder.dueAt = null;
    builder.dispatchedAt = handedOver;
    builder.queuedAt = handedOver;
    builder.unansweredAfter = handedOver.plus(policy.unansweredAfter());
    return new Decision.Moved(builder.done());
  }

  private static Decision unroutable(Task task, DecisionContext context) {
    if (task.state() == TaskState.NO_ROUTE_TO_QUEUE) {
      return new Decision.Unchanged(task);
    }
    TaskBuilder builder = new TaskBuilder(task, context);
    builder.dropEffects(Effect.Publish.class::isInstance);
    // It is in no queue: its days begin when it comes into one.
    builder.dueAt = null;
    builder.dispatchedAt = null;
    builder.queuedAt = null;
    builder.unansweredAfter = null;
    builder.move(
        TaskState.NO_ROUTE_TO_QUEUE,
        "unroutable",
        "no queue is bound for "
            + task.spec().document().target().type().wire()
            + "."
            + task.key()
            + "; it is sent again when a worker for it appears");
    return new Decision.Moved(builder.done());
  }
}
