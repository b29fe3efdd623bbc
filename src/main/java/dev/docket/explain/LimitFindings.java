package dev.docket.explain;

import dev.docket.task.KeyLimits;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Instant;
import java.util.Optional;

/** Findings about the limits of the task's key. */
final class LimitFindings {

  private LimitFindings() {}

  /** For a task that waits because the limits of its key do not permit it yet. */
  static Finding waiting(Task task, Instant since, KeyLimits limits) {
    String text =
        limits.isNone()
            ? "The key has no limits any more; the server hands the task out in a moment. The task"
                + " has waited since "
            : "The task waits for its turn: "
                + limits.reason()
                + " (limits of key "
                + task.key()
                + "). The task has waited since ";
    return of(task, limits, text + ExplanationText.at(since) + ".").with("since", since);
  }

  /** For a task that was published, or could not be routed, before its key was held. */
  static Optional<Finding> held(Task task, KeyLimits limits) {
    KeyLimits.Hold hold = limits.hold();
    boolean waits = task.state() == TaskState.QUEUED || task.state() == TaskState.NO_ROUTE_TO_QUEUE;
    return hold == null || !waits
        ? Optional.empty()
        : Optional.of(
            of(
                task,
                limits,
                "No task of key " + task.key() + " is handed out, because " + hold.text() + "."));
  }

  private static Finding of(Task task, KeyLimits limits, String text) {
    return Finding.of(Finding.Kind.LIMITED, text)
        .with("key", task.key().value())
        .with("hold", limits.hold() == null ? null : limits.hold().wire())
        .with("concurrency", limits.concurrency())
        .with("rate", limits.rate() == null ? null : limits.rate().toString());
  }
}
