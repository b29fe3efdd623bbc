package dev.docket.explain;

import dev.docket.task.Lease;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Of a task that is being worked on (102). */
final class RunFindings {

  private RunFindings() {}

  static List<Finding> of(Task task, Evidence evidence, Instant now) {
    List<Finding> findings = new ArrayList<>();
    Lease lease = task.lease();
    cancelled(task, lease == null ? "its worker" : lease.worker()).ifPresent(findings::add);
    if (lease == null) {
      findings.add(begun(task));
      findings.add(foreign(task));
    } else {
      findings.add(leased(task, lease, now));
    }
    limit(task, evidence).ifPresent(findings::add);
    unanswered(task, now).ifPresent(findings::add);
    return findings;
  }

  private static Optional<Finding> cancelled(Task task, String worker) {
    Instant since = task.cancelRequestedAt();
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
                "It is to be cancelled since "
                    + ExplanationText.at(since)
                    + ": "
                    + worker
                    + " is asked to stop with every answer, and has not said yet that it did.")
            .with("since", since)
            .with("by", by)
            .with("waits_for", worker));
  }

  private static Finding leased(Task task, Lease lease, Instant now) {
    Instant heard = lease.extendedAt();
    Instant givenUp = heard.plus(lease.silenceTimeout());
    boolean silent = lease.until().isBefore(now);
    String text = lease.worker() + " has been at it" + since(task) + progress(task);
    if (lease.provisional()) {
      text += "; it came by a poll, and nothing has been heard of the worker yet";
    } else {
      text += "; last sign of life at " + ExplanationText.at(heard);
    }
    if (silent) {
      text +=
          givenUp.isAfter(now)
              ? "; if there is none by about "
                  + ExplanationText.at(givenUp)
                  + ", the worker is lost"
              : "; that is so long ago that the worker is lost as soon as the servers have"
                  + " watched the silence for "
                  + ExplanationText.about(lease.silenceTimeout());
    }
    return Finding.of(silent ? Finding.Kind.LEASE_SILENT : Finding.Kind.LEASED, text + ".")
        .with("worker", lease.worker())
        .with("started_at", task.startedAt())
        .with("attempt", task.attempt())
        .with("progress", task.progress())
        .with("stage", task.stage())
        .with("message", task.message().isEmpty() ? null : task.message())
        .with("last_change", task.updatedAt())
        .with("last_heard", heard)
        .with("lease_seconds", lease.seconds())
        .with("given_up_about", givenUp);
  }

  private static Finding begun(Task task) {
    return Finding.of(
            Finding.Kind.BEGUN,
            "A worker says that it has been at it" + since(task) + progress(task) + ".")
        .with("started_at", task.startedAt())
        .with("attempt", task.attempt())
        .with("progress", task.progress())
        .with("stage", task.stage())
        .with("message", task.message().isEmpty() ? null : task.message())
        .with("last_change", task.updatedAt());
  }

  private static String since(Task task) {
    return task.startedAt() == null ? "" : " since " + ExplanationText.at(task.startedAt());
  }

  private static String progress(Task task) {
    String stage = task.stage() == null ? "" : " (" + task.stage() + ")";
    return task.progress() == null ? stage : ", " + task.progress() + " %" + stage;
  }

  private static Optional<Finding> limit(Task task, Evidence evidence) {
    Policy policy = evidence.policy();
    Duration limit = policy == null ? null : policy.timeout(task);
    Instant started = task.startedAt();
    if (limit == null || started == null) {
      return Optional.empty();
    }
    Instant end = started.plus(limit);
    return Optional.of(
        Finding.of(
                Finding.Kind.RUN_LIMIT,
                "A run of it may take "
                    + ExplanationText.about(limit)
                    + ": until "
                    + ExplanationText.at(end)
                    + ".")
            .with("timeout_seconds", limit.toSeconds())
            .with("until", end));
  }

  /** What cannot be known of workers of other systems. */
  static Finding foreign(Task task) {
    return Finding.of(
            Finding.Kind.FOREIGN_WORKER,
            "Workers of courier "
                + task.spec().protocol()
                + " hold no lease and give no signs of life: whether one is at it now cannot be"
                + " said.")
        .with("courier", task.spec().protocol());
  }

  static Optional<Finding> unanswered(Task task, Instant now) {
    return Optional.ofNullable(task.unansweredAfter())
        .map(
            after ->
                Finding.of(
                        Finding.Kind.UNANSWERED_AFTER,
                        after.isAfter(now)
                            ? "If no worker has answered by "
                                + ExplanationText.at(after)
                                + " and it was its turn, it is sent anew."
                            : "No worker has answered by "
                                + ExplanationText.at(after)
                                + ": it is sent anew as soon as it is its turn.")
                    .with("unanswered_after", after));
  }
}
