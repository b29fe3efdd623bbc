package dev.docket.explain;

import dev.docket.task.Task;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.PendingEffect;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is still to be done after a task's last moves, besides sending its message. */
final class OutboxFindings {

  private OutboxFindings() {}

  static List<Finding> of(Task task, Instant now) {
    return task.outbox().stream()
        .filter(pending -> !(pending.effect() instanceof Effect.Publish))
        .map(pending -> finding(pending, now))
        .toList();
  }

  /** The message that is to be handed to the broker. */
  static Optional<PendingEffect> publish(Task task) {
    return task.outbox().stream().filter(p -> p.effect() instanceof Effect.Publish).findFirst();
  }

  private static Finding finding(PendingEffect pending, Instant now) {
    String what = what(pending.effect());
    boolean overdue = !pending.due().isAfter(now);
    Finding finding =
        overdue
            ? Finding.of(
                Finding.Kind.EFFECT_OVERDUE,
                "Overdue since "
                    + ExplanationText.at(pending.due())
                    + ": "
                    + what
                    + "; whoever was to do it has not, and a sweep does it.")
            : Finding.of(
                Finding.Kind.EFFECT_PENDING,
                "Being done: "
                    + what
                    + "; if that is not over by "
                    + ExplanationText.at(pending.due())
                    + ", a sweep does it.");
    return finding.with("effect", label(pending.effect())).with("due", pending.due());
  }

  private static String what(Effect effect) {
    if (effect instanceof Effect.StoreResults store) {
      return ExplanationText.count(store.drafts().size(), "result is", "results are")
          + " to be stored";
    }
    if (effect instanceof Effect.Register) {
      return "it is to be entered with the tasks that it waits for";
    }
    if (effect instanceof Effect.Wake) {
      return "the tasks that wait for it are to be told";
    }
    if (effect instanceof Effect.Revoke) {
      return "its worker is to be told that it is not wanted any more";
    }
    if (effect instanceof Effect.Callback) {
      return "the receiver that was named with it is to be told";
    }
    return effect instanceof Effect.DeleteResults
        ? "results that do not count are to be deleted"
        : "its message is to be sent";
  }

  /** As the effect is called in the record. */
  private static String label(Effect effect) {
    if (effect instanceof Effect.StoreResults) {
      return "results";
    }
    if (effect instanceof Effect.Register) {
      return "register";
    }
    if (effect instanceof Effect.Wake) {
      return "wake";
    }
    if (effect instanceof Effect.Revoke) {
      return "revoke";
    }
    if (effect instanceof Effect.Callback) {
      return "callback";
    }
    return effect instanceof Effect.DeleteResults ? "delete_results" : "publish";
  }
}
