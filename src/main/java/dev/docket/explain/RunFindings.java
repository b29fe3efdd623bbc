package dev.docket.explain;

import dev.docket.task.Lease;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Findings for a task that a worker is running (102). */
final class RunFindings {

  private RunFindings() {}

  static List<Finding> of(Task task, Evidence evidence, Instant now) {
    List<Finding> findings = new ArrayList<>();
    Lease lease = task.run().lease();
    cancelRequested(task, lease == null ? "the worker" : lease.worker()).ifPresent(findings::add);
    if (task.run().isManual() && lease != null) {
      findings.add(PersonFindings.held(task, lease));
    } else if (lease == null) {
      findings.add(begun(task));
      findings.add(withoutLease(task));
    } else {
      findings.add(leased(task, lease, now));
    }
    timeout(task, evidence).ifPresent(findings::add);
    unanswered(task, now).ifPresent(findings::add);
    return findings;
  }

  private static Optional<Finding> cancelRequested(Task task, String worker) {
    Instant since = task.run().cancelRequestedAt();
    if (since == null) {
      return Optional.empty();
    }
    String by =
        task.history().stream()
            .filter(
                transition ->
                    transition.from() == transition.to() && transition.by().startsWith("cancel "))
            .reduce((first, last) -> last)
            .map(Transition::by)
            .orElse("cancel");
    return Optional.of(
        Finding.of(
                Finding.Kind.CANCEL_REQUESTED,
                "Cancellation was requested at "
                    + ExplanationText.at(since)
                    + ". The server asks "
                    + worker
                    + " to stop in each response, and is waiting for its confirmation."
                    + (task.run().isManual()
                        ? " To end the task without it, reset the task and cancel it then."
                        : ""))
            .with("since", since)
            .with("by", by)
            .with("waits_for", worker));
  }

  private static Finding leased(Task task, Lease lease, Instant now) {
    Instant until = Objects.requireNonNull(lease.until(), "the lease of a worker expires");
    Instant extendedAt = lease.extendedAt();
    Instant lostAt = extendedAt.plus(lease.silenceTimeout());
    boolean silent = (lease.provisional() ? lostAt : until).isBefore(now);
    String text = "Worker " + lease.worker() + running(task) + progress(task);
    if (lease.provisional()) {
      text +=
          ". It received the task from a poll and has sent no report yet. Without a report within "
              + ExplanationText.rounded(lease.silenceTimeout())
              + " of the claim, the server takes the task back.";
    } else {
      text += ". Its last heartbeat or report was at " + ExplanationText.at(extendedAt) + ".";
    }
    if (silent) {
      text +=
          lostAt.isAfter(now)
              ? " The lease has expired; without a heartbeat by about "
                  + ExplanationText.at(lostAt)
                  + " the server considers the worker lost."
              : " The lease has expired; the server considers the worker lost as soon as it has"
                  + " observed no heartbeat for "
                  + ExplanationText.rounded(lease.silenceTimeout())
                  + ".";
    }
    Finding.Kind kind = silent ? Finding.Kind.LEASE_SILENT : Finding.Kind.LEASED;
    return withRun(Finding.of(kind, text).with("worker", lease.worker()), task)
        .with("last_heard", extendedAt)
        .with("lease_seconds", lease.seconds())
        .with("given_up_about", lostAt);
  }

  private static Finding begun(Task task) {
    return withRun(
        Finding.of(
            Finding.Kind.BEGUN,
            "According to its reports, a worker" + running(task) + progress(task) + "."),
        task);
  }

  /** Adds how far the run is. */
  static Finding withRun(Finding finding, Task task) {
    return finding
        .with("started_at", task.run().startedAt())
        .with("attempt", task.run().attempt())
        .with("progress", task.run().progress())
        .with("stage", task.run().stage())
        .with("message", task.message().isEmpty() ? null : task.message())
        .with("last_change", task.updatedAt());
  }

  private static String running(Task task) {
    return task.run().startedAt() == null
        ? " is running the task"
        : " has been running the task since " + ExplanationText.at(task.run().startedAt());
  }

  static String progress(Task task) {
    String stage = task.run().stage() == null ? "" : " (" + task.run().stage() + ")";
    return task.run().progress() == null
        ? stage
        : ", progress " + task.run().progress() + "%" + stage;
  }

  private static Optional<Finding> timeout(Task task, Evidence evidence) {
    Policy policy = evidence.policy();
    Duration timeout = policy == null ? null : policy.timeout(task);
    Instant started = task.run().startedAt();
    if (timeout == null || started == null) {
      return Optional.empty();
    }
    Instant end = started.plus(timeout);
    return Optional.of(
        Finding.of(
                Finding.Kind.RUN_LIMIT,
                "The run times out at "
                    + ExplanationText.at(end)
                    + ", "
                    + ExplanationText.rounded(timeout)
                    + " after its start.")
            .with("timeout_seconds", timeout.toSeconds())
            .with("until", end));
  }

  /** For workers without leases, of which the server knows less. */
  static Finding withoutLease(Task task) {
    return Finding.of(
            Finding.Kind.FOREIGN_WORKER,
            "Workers of protocol "
                + task.run().protocol()
                + " hold no lease and send no heartbeats, so the server cannot tell whether one is"
                + " running the task now.")
        .with("courier", task.run().protocol());
  }

  static Optional<Finding> unanswered(Task task, Instant now) {
    return Optional.ofNullable(task.run().unansweredAfter())
        .map(
            after ->
                Finding.of(
                        Finding.Kind.UNANSWERED_AFTER,
                        after.isAfter(now)
                            ? "If no worker replies by "
                                + ExplanationText.at(after)
                                + ", the server starts a new run, unless earlier tasks are still"
                                + " ahead of this one."
                            : "No worker replied by "
                                + ExplanationText.at(after)
                                + "; the server starts a new run as soon as no earlier task is"
                                + " ahead of this one.")
                    .with("unanswered_after", after));
  }
}
