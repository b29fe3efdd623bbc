package dev.docket.explain;

import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.Transition;
import dev.docket.task.machine.PendingEffect;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Findings for a task that is delayed, or being published to the broker (201, 205). */
final class PublishFindings {

  /** A message that takes longer to be confirmed has probably met a problem. */
  private static final Duration MAX_EXPECTED_DELAY = Duration.ofSeconds(5);

  private PublishFindings() {}

  static List<Finding> of(Task task, Evidence evidence, Instant now) {
    Instant limitedSince = task.run().limitedSince();
    if (limitedSince != null) {
      return List.of(LimitFindings.waiting(task, limitedSince, evidence.limits()));
    }
    if (task.run().isManual()) {
      return List.of(PersonFindings.open(task, now));
    }
    List<Finding> findings = new ArrayList<>();
    Instant due = task.run().dueAt();
    if (due != null && due.isAfter(now)) {
      findings.add(delayed(task, due, evidence.policy(), now));
      brokerUnreachable(evidence).ifPresent(findings::add);
    } else {
      brokerUnreachable(evidence).ifPresent(findings::add);
      findings.add(publishing(task, now));
      QueuePolicyFindings.addWhilePublishing(findings, task, evidence);
    }
    return findings;
  }

  /** Returns a finding if the broker is unavailable. */
  static Optional<Finding> brokerUnreachable(Evidence evidence) {
    return Optional.ofNullable(evidence.brokerError())
        .map(
            reason ->
                Finding.of(
                        Finding.Kind.BROKER_UNREACHABLE,
                        "The server cannot use the broker: "
                            + reason
                            + ". It publishes all pending tasks when the broker is available"
                            + " again.")
                    .with("reason", reason));
  }

  private static Finding delayed(Task task, Instant due, @Nullable Policy policy, Instant now) {
    String when =
        ExplanationText.at(due) + ", in " + ExplanationText.rounded(Duration.between(now, due));
    Transition last = ExplanationText.lastTransition(task);
    String by = last.by().split(" ", 2)[0];
    boolean takenBack =
        by.equals("lease_lost")
            && (task.run().unreportedGrants() > 0 || task.run().failures() == 0);
    boolean failed = List.of("fail", "lease_lost", "timed_out").contains(by) && !takenBack;
    if (failed && task.run().failures() > 0) {
      String limit = policy == null ? "" : " of " + policy.maxAttempts(task);
      return Finding.of(
              Finding.Kind.RETRY,
              "The server retries the task at "
                  + when
                  + ", after failure "
                  + task.run().failures()
                  + limit
                  + ExplanationText.quoted(failure(task))
                  + ".")
          .with("due_at", due)
          .with("failures", task.run().failures())
          .with("max_attempts", policy == null ? null : policy.maxAttempts(task))
          .with("last_failure", failure(task))
          .with("failed_at", last.at())
          .with("by", last.by());
    }
    if (takenBack) {
      return UnreportedFindings.givenBack(task, last, when).with("due_at", due);
    }
    if (List.of("undelivered", "give_back", "cancel_confirmed").contains(by)) {
      String cause =
          by.equals("undelivered")
              ? "A poll granted the task, but the worker disconnected before it received the task"
              : "A worker returned the task without executing it"
                  + ExplanationText.quoted(task.message());
      return Finding.of(
              Finding.Kind.GIVEN_BACK,
              cause
                  + ". This does not count as a failure. The server publishes the task again at "
                  + when
                  + ".")
          .with("due_at", due)
          .with("given_back_at", last.at())
          .with("by", last.by());
    }
    return Finding.of(
            Finding.Kind.NOT_BEFORE,
            "The task is delayed: the server publishes it at " + when + ".")
        .with("due_at", due);
  }

  /** Returns the message of a retry, without the count and the time at its end. */
  private static String failure(Task task) {
    int end = task.message().lastIndexOf(" (failure " + task.run().failures() + " of ");
    return end < 0 ? task.message() : task.message().substring(0, end);
  }

  /** Also for a task in 202 that the server publishes again. */
  static Finding publishing(Task task, Instant now) {
    PendingEffect publish = OutboxFindings.publish(task).orElse(null);
    Instant since = since(task, publish);
    Instant due = publish == null ? null : publish.due();
    boolean overdue = due != null && !due.isAfter(now);
    String text;
    if (overdue && task.run().dispatchedAt() == null) {
      text =
          "The task has been due since "
              + ExplanationText.at(since)
              + ", but no server has published it yet; the overdue sweep publishes it.";
    } else {
      text = "The server has been publishing the task's message since " + ExplanationText.at(since);
      if (overdue) {
        text += ", which usually takes less than a second; the overdue sweep publishes it again.";
      } else if (due != null && since.plus(MAX_EXPECTED_DELAY).isBefore(now)) {
        text +=
            ", which usually takes less than a second; if the broker does not confirm it by "
                + ExplanationText.at(due)
                + ", the overdue sweep publishes it again.";
      } else {
        text += ".";
      }
    }
    return Finding.of(Finding.Kind.ON_ITS_WAY, text)
        .with("since", since)
        .with("effect", publish == null ? null : "publish")
        .with("due", due);
  }

  /** For a delayed task that was never published, this is the time at which it became due. */
  private static Instant since(Task task, @Nullable PendingEffect publish) {
    if (task.run().dispatchedAt() != null) {
      return task.run().dispatchedAt();
    }
    return publish == null ? task.updatedAt() : publish.due();
  }
}
