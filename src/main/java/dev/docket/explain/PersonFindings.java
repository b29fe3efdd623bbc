package dev.docket.explain;

import dev.docket.task.Lease;
import dev.docket.task.Task;
import java.time.Instant;

/** Findings for a task that people do. */
final class PersonFindings {

  private PersonFindings() {}

  /** For a task that nobody has claimed. */
  static Finding open(Task task, Instant now) {
    Instant due = task.run().dueAt();
    if (due != null && !due.isAfter(now)) {
      due = null;
    }
    Instant since =
        task.run().queuedAt() == null
            ? ExplanationText.lastTransition(task).at()
            : task.run().queuedAt();
    return Finding.of(
            Finding.Kind.WAITS_FOR_PERSON,
            "The task waits for a person to claim it (POST /task/{id}/claim), since "
                + ExplanationText.at(since)
                + (due == null ? "" : "; it is due at " + ExplanationText.at(due))
                + (task.message().isEmpty() ? "" : "; last message")
                + ExplanationText.quoted(task.message())
                + ".")
        .with("since", since)
        .with("due_at", due)
        .with("failures", task.run().failures() == 0 ? null : task.run().failures())
        .with("message", task.message().isEmpty() ? null : task.message());
  }

  /** For a task that a person has claimed. */
  static Finding held(Task task, Lease lease) {
    Instant since = task.run().startedAt();
    return RunFindings.withRun(
        Finding.of(
                Finding.Kind.HELD_BY_PERSON,
                lease.worker()
                    + " has held the task"
                    + (since == null ? "" : " since " + ExplanationText.at(since))
                    + RunFindings.progress(task)
                    + ". The claim does not expire; POST /task/{id}/forceretry takes the task back.")
            .with("worker", lease.worker()),
        task);
  }
}
