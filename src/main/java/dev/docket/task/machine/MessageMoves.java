package dev.docket.task.machine;

import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Instant;

/** What the broker's answers do. A late or repeated answer is normal here and changes nothing. */
final class MessageMoves {

  private MessageMoves() {}

  static Decision apply(Task task, Command.OfMessage message, Policy policy, Moment moment) {
    boolean waiting = task.state().isClaimable() && task.isRun(message.attempt(), message.run());
    if (!waiting) {
      return new Decision.Unchanged(task);
    }
    return message instanceof Command.Confirm
        ? confirm(task, policy, moment)
        : unroutable(task, moment);
  }

  private static Decision confirm(Task task, Policy policy, Moment moment) {
    Draft draft = new Draft(task, moment);
    boolean published = draft.outbox.removeIf(p -> p.effect() instanceof Effect.Publish);
    if (task.state() == TaskState.QUEUED) {
      return published ? new Decision.Moved(draft.done()) : new Decision.Unchanged(task);
    }
    draft.move(TaskState.QUEUED, "confirm", null);
    Instant handedOver = task.dispatchedAt() != null ? task.dispatchedAt() : moment.now();
    draft.dueAt = null;
    draft.dispatchedAt = handedOver;
    draft.queuedAt = handedOver;
    draft.unansweredAfter = handedOver.plus(policy.unansweredAfter());
    return new Decision.Moved(draft.done());
  }

  private static Decision unroutable(Task task, Moment moment) {
    if (task.state() == TaskState.NO_ROUTE_TO_QUEUE) {
      return new Decision.Unchanged(task);
    }
    Draft draft = new Draft(task, moment);
    draft.dropEffects(Effect.Publish.class::isInstance);
    // It is in no queue: its days begin when it comes into one.
    draft.dueAt = null;
    draft.dispatchedAt = null;
    draft.queuedAt = null;
    draft.unansweredAfter = null;
    draft.move(
        TaskState.NO_ROUTE_TO_QUEUE,
        "unroutable",
        "no queue is bound for "
            + task.spec().document().target().type().wire()
            + "."
            + task.key()
            + "; it is sent again when a worker for it appears");
    return new Decision.Moved(draft.done());
  }
}
