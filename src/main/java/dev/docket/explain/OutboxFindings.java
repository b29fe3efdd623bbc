package dev.docket.explain;

import dev.docket.task.Task;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.PendingEffect;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Findings for the pending effects in a task's outbox, except the publishing of its message. */
final class OutboxFindings {

  /** The names of the effects in the record. */
  private static final Map<Class<? extends Effect>, String> LABELS =
      Map.of(
          Effect.StoreResults.class, "results",
          Effect.Register.class, "register",
          Effect.Wake.class, "wake",
          Effect.DeleteResults.class, "delete_results");

  private OutboxFindings() {}

  static List<Finding> of(Task task, Instant now) {
    return task.outbox().stream()
        .filter(pending -> !(pending.effect() instanceof Effect.Publish))
        .map(pending -> finding(pending, now))
        .toList();
  }

  /** Returns the pending effect that publishes the task's message. */
  static Optional<PendingEffect> publish(Task task) {
    return task.outbox().stream().filter(p -> p.effect() instanceof Effect.Publish).findFirst();
  }

  private static Finding finding(PendingEffect pending, Instant now) {
    String description = describe(pending.effect());
    boolean overdue = !pending.due().isAfter(now);
    Finding finding =
        overdue
            ? Finding.of(
                Finding.Kind.EFFECT_OVERDUE,
                "An effect has been overdue since "
                    + ExplanationText.at(pending.due())
                    + ": "
                    + description
                    + ". The overdue sweep performs it.")
            : Finding.of(
                Finding.Kind.EFFECT_PENDING,
                "An effect is in progress: "
                    + description
                    + ". If it is not done by "
                    + ExplanationText.at(pending.due())
                    + ", the overdue sweep performs it.");
    return finding
        .with("effect", LABELS.get(pending.effect().getClass()))
        .with("due", pending.due());
  }

  private static String describe(Effect effect) {
    if (effect instanceof Effect.StoreResults store) {
      return "storing " + ExplanationText.count(store.drafts().size(), "result", "results");
    }
    if (effect instanceof Effect.Register) {
      return "registering the task with its dependencies";
    }
    if (effect instanceof Effect.Wake) {
      return "notifying the tasks that depend on it";
    }
    return effect instanceof Effect.DeleteResults
        ? "deleting results that are no longer valid"
        : "publishing its message";
  }
}
